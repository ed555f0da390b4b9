// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @notice The audit part of a leaf: an account's inputs of one epoch, and the running sums up to and including its leaf.
/// @param scores Score per task of the record, by rising task id; below 2^96.
/// @param accelerated Wei accelerated per cohort of the parent's total curve unfinished at the epoch's end; below 2^128.
/// @param runScores Running sum of `scores`; below 2^128.
/// @param runParticipants Leaves so far whose score reaches the task's minimum; below 2^32.
/// @param runGranted Running sum of the grants, in wei; below 2^128.
/// @param runAccelerated Running sum of `accelerated`; below 2^128.
struct Audit {
    uint256[] scores;
    uint256[] accelerated;
    uint256[] runScores;
    uint256[] runParticipants;
    uint256 runGranted;
    uint256[] runAccelerated;
}

/// @notice What is wrong with the raw bytes of an audit; `None` if they are well formed.
enum AuditFault {
    None,
    Length,
    Range
}

/// @title SettlementLeaf
/// @notice The bytes of a settlement's leaf: who it is for, which curve it holds and what it was computed from.
/// @dev leaf = keccak256(keccak256(abi.encode(account, curveHash, auditHash))): hashed twice, so that no 64-byte node of the
/// tree can pass for a leaf. The audit preimage is 32-byte words in the order of {Audit}'s fields, without lengths: with `m`
/// tasks and `c` cohorts it has exactly 3m + 2c + 1 words.
library SettlementLeaf {
    uint256 private constant SCORE_BITS = 96;
    uint256 private constant COUNT_BITS = 32;
    uint256 private constant AMOUNT_BITS = 128;

    /// @notice The leaf of `account`.
    /// @param account Whom it is for.
    /// @param curveHash Hash of its vesting curve.
    /// @param auditHash Hash of its audit part.
    function hash(address account, bytes32 curveHash, bytes32 auditHash) internal pure returns (bytes32 leaf) {
        assembly ("memory-safe") {
            // Written behind the free pointer and not kept.
            let start := mload(0x40)
            mstore(start, shr(96, shl(96, account)))
            mstore(add(start, 0x20), curveHash)
            mstore(add(start, 0x40), auditHash)
            mstore(0x00, keccak256(start, 0x60))
            leaf := keccak256(0x00, 0x20)
        }
    }

    /// @notice The exact length in bytes of an audit with `tasks` tasks and `cohorts` cohorts.
    function auditLength(uint256 tasks, uint256 cohorts) internal pure returns (uint256) {
        return 32 * (3 * tasks + 2 * cohorts + 1);
    }

    /// @notice The audit's preimage.
    function encode(Audit memory audit) internal pure returns (bytes memory) {
        return
            abi.encodePacked(
                audit.scores,
                audit.accelerated,
                audit.runScores,
                audit.runParticipants,
                audit.runGranted,
                audit.runAccelerated
            );
    }

    /// @notice The hash that a leaf holds of its audit part.
    function hashAudit(Audit memory audit) internal pure returns (bytes32) {
        return keccak256(encode(audit));
    }

    /// @notice Reads an audit's preimage; says what is wrong instead of reverting, since a fault is itself a proof.
    /// @param preimage The raw bytes behind an audit hash.
    /// @param tasks Tasks of the epoch's record.
    /// @param cohorts Cohorts of the parent's total curve unfinished at the epoch's end.
    /// @return fault Why the bytes are not an audit; with a fault, `audit` is not to be used.
    /// @return audit The figures.
    function decode(
        bytes memory preimage,
        uint256 tasks,
        uint256 cohorts
    ) internal pure returns (AuditFault fault, Audit memory audit) {
        if (preimage.length != auditLength(tasks, cohorts)) return (AuditFault.Length, audit);
        bool fits;
        uint256 at = 0;
        (fits, audit.scores) = _read(preimage, at, tasks, SCORE_BITS);
        if (!fits) return (AuditFault.Range, audit);
        at += tasks;
        (fits, audit.accelerated) = _read(preimage, at, cohorts, AMOUNT_BITS);
        if (!fits) return (AuditFault.Range, audit);
        at += cohorts;
        (fits, audit.runScores) = _read(preimage, at, tasks, AMOUNT_BITS);
        if (!fits) return (AuditFault.Range, audit);
        at += tasks;
        (fits, audit.runParticipants) = _read(preimage, at, tasks, COUNT_BITS);
        if (!fits) return (AuditFault.Range, audit);
        at += tasks;
        audit.runGranted = _word(preimage, at);
        if (audit.runGranted >> AMOUNT_BITS != 0) return (AuditFault.Range, audit);
        (fits, audit.runAccelerated) = _read(preimage, at + 1, cohorts, AMOUNT_BITS);
        if (!fits) return (AuditFault.Range, audit);
    }

    /// @dev `count` words from word `from` on, and whether each is below 2^bits.
    function _read(
        bytes memory data,
        uint256 from,
        uint256 count,
        uint256 bits
    ) private pure returns (bool fits, uint256[] memory words) {
        words = new uint256[](count);
        fits = true;
        for (uint256 i = 0; i < count; ++i) {
            words[i] = _word(data, from + i);
            if (words[i] >> bits != 0) fits = false;
        }
    }

    /// @dev Word `index` of `data`; the caller has checked the length.
    function _word(bytes memory data, uint256 index) private pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := mload(add(add(data, 0x20), shl(5, index)))
        }
    }
}
