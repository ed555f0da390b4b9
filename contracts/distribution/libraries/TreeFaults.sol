// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {
    Dispute,
    Fault,
    ISettlementVerifier,
    LeafCountProof,
    MalformedProof,
    NodeOpening
} from "../interfaces/ISettlementVerifier.sol";
import {DisputedEpoch} from "./DisputedEpoch.sol";
import {Openings} from "./Openings.sol";
import {LeafWords, RawLeaf} from "./RawLeaf.sol";

/// @title TreeFaults
/// @notice The tree itself: which of its places are taken, and by what kind of bytes.
library TreeFaults {
    using DisputedEpoch for Dispute;

    /// @dev Length of a pair of nodes.
    uint256 private constant PAIR = 64;
    /// @dev Length of the hash that a leaf of the tree is the hash of.
    uint256 private constant DIGEST = 32;

    /// @notice Proves {Fault-LeafCount}; reverts unless the proof does.
    function checkLeafCount(Dispute calldata dispute, LeafCountProof memory proof) internal pure {
        NodeOpening memory at = proof.node;
        Openings.checkNode(dispute.tree(), at);
        // The node is in the tree, so the first position that it covers is below 2^32.
        uint256 first = uint256(at.index) << at.level;
        bool isEmpty = at.node == 0;
        require(
            isEmpty == (first < dispute.settlement.leafCount),
            ISettlementVerifier.SettlementVerifier_NoFault(Fault.LeafCount)
        );
    }

    /// @notice Proves {Fault-Malformed}; reverts unless the proof does.
    function checkMalformed(Dispute calldata dispute, MalformedProof memory proof) internal pure {
        Openings.checkNode(dispute.tree(), proof.node);
        bool wellFormed = proof.node.level == 0 ? _isLeaf(dispute, proof) : _isPair(proof);
        require(!wellFormed, ISettlementVerifier.SettlementVerifier_NoFault(Fault.Malformed));
    }

    /// @dev Whether a node above the leaves is the hash of two nodes that are not both padding.
    function _isPair(MalformedProof memory proof) private pure returns (bool) {
        bytes memory pair = _link(proof, 0, proof.node.node);
        if (pair.length != PAIR) return false;
        (bytes32 left, bytes32 right) = abi.decode(pair, (bytes32, bytes32));
        return left != 0 || right != 0;
    }

    /// @dev Whether everything down the chain is what it stands for; reverts where the chain ends too early to say.
    function _isLeaf(Dispute calldata dispute, MalformedProof memory proof) private pure returns (bool) {
        // At or above the leaf count nothing may stand, which is {Fault-LeafCount}.
        uint256 index = proof.node.index;
        require(
            index < dispute.settlement.leafCount,
            ISettlementVerifier.SettlementVerifier_NotInTree(proof.node.level, index)
        );
        bytes memory digest = _link(proof, 0, proof.node.node);
        if (digest.length != DIGEST) return false;
        bytes memory leaf = _link(proof, 1, bytes32(digest));
        if (!RawLeaf.isWellFormed(leaf, dispute.forbidden)) return false;
        (, LeafWords memory leafWords) = RawLeaf.words(leaf);
        bool fits;
        if (proof.audit) {
            bytes memory audit = _link(proof, 2, leafWords.auditHash);
            (fits, ) = RawLeaf.readAudit(audit, dispute.record.tasks.length, dispute.cohorts().length);
        } else {
            bytes memory curve = _link(proof, 2, leafWords.curveHash);
            (fits, ) = RawLeaf.readCurve(curve, dispute.record.end);
        }
        return fits;
    }

    /// @dev An element of the chain, which must be there and hash to what is expected.
    function _link(
        MalformedProof memory proof,
        uint256 at,
        bytes32 expected
    ) private pure returns (bytes memory preimage) {
        uint256 given = proof.chain.length;
        require(given > at, ISettlementVerifier.SettlementVerifier_LengthMismatch(given, at + 1));
        preimage = proof.chain[at];
        Openings.checkPreimage(preimage, expected);
    }
}
