// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {SettlementLeaf} from "../../libraries/SettlementLeaf.sol";
import {Epoch} from "../../types/Epoch.sol";
import {Claim} from "../interfaces/IVestingVault.sol";
import {VestingCurve} from "./VestingCurve.sol";

/// @title ClaimData
/// @notice Takes a claim in calldata apart.
library ClaimData {
    /// @dev A tree has fewer than 2^32 leaves.
    uint256 private constant MAX_DEPTH = 32;

    /// @notice What a claim says, and where it is to be proven.
    /// @param time Unix seconds.
    /// @return epoch The final epoch whose root the proof leads to.
    /// @return account The account that earned.
    /// @return leaf Its leaf.
    /// @return unlocked What of its curve is free at `time`, in wei.
    /// @return sum Everything that will ever be free of it, in wei.
    /// @return index The position of the leaf.
    /// @return proof The siblings from the leaf up, at most 32.
    function open(
        Claim calldata entry,
        uint256 time
    )
        internal
        pure
        returns (
            Epoch epoch,
            address account,
            bytes32 leaf,
            uint256 unlocked,
            uint256 sum,
            uint256 index,
            bytes32[] calldata proof
        )
    {
        uint256[] calldata cohorts;
        bytes32 auditHash;
        (epoch, account, index, unlocked, cohorts, auditHash, proof) = _read(entry);
        bytes32 curveHash;
        (curveHash, unlocked, sum) = VestingCurve.openCalldata(unlocked, cohorts, time);
        leaf = SettlementLeaf.hash(account, curveHash, auditHash);
    }

    /// @dev In assembly, since Solidity checks each field and each offset by itself, for 600 gas more. Here, too, a field that is
    /// wider than its type and a list that is longer than there can be revert without a reason. An offset may lead anywhere: what
    /// stands there is what is then hashed and proven, behind the end of calldata stand zeros, and neither list is so long that
    /// reading it could use up the gas of others in a batch.
    function _read(
        Claim calldata entry
    )
        private
        pure
        returns (
            Epoch epoch,
            address account,
            uint256 index,
            uint256 unlocked,
            uint256[] calldata cohorts,
            bytes32 auditHash,
            bytes32[] calldata proof
        )
    {
        uint256 maxCohorts = VestingCurve.MAX_COHORTS;
        assembly ("memory-safe") {
            epoch := calldataload(entry)
            account := calldataload(add(entry, 0x20))
            index := calldataload(add(entry, 0x40))
            let curve := add(entry, calldataload(add(entry, 0x60)))
            auditHash := calldataload(add(entry, 0x80))
            let list := add(entry, calldataload(add(entry, 0xa0)))
            proof.length := calldataload(list)
            proof.offset := add(list, 0x20)

            unlocked := calldataload(curve)
            list := add(curve, calldataload(add(curve, 0x20)))
            cohorts.length := calldataload(list)
            cohorts.offset := add(list, 0x20)

            let tooWide := or(shr(32, or(epoch, index)), or(shr(160, account), shr(128, unlocked)))
            let tooLong := or(gt(cohorts.length, maxCohorts), gt(proof.length, MAX_DEPTH))
            if or(tooWide, tooLong) {
                revert(0, 0)
            }
        }
    }
}
