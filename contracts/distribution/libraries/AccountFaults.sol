// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Audit} from "../../libraries/SettlementLeaf.sol";
import {Curve, VestingCurve} from "../../vesting/libraries/VestingCurve.sol";
import {
    CurveOpening,
    Dispute,
    DroppedProof,
    Fault,
    ISettlementVerifier,
    OrderProof,
    TransitionProof
} from "../interfaces/ISettlementVerifier.sol";
import {AccountTransition} from "./AccountTransition.sol";
import {DisputedEpoch} from "./DisputedEpoch.sol";
import {Openings} from "./Openings.sol";
import {LeafWords, RawLeaf} from "./RawLeaf.sol";

/// @title AccountFaults
/// @notice Whose leaves the tree holds, and what each account has after the epoch.
library AccountFaults {
    using DisputedEpoch for Dispute;
    using VestingCurve for Curve;

    /// @notice Proves {Fault-Order}; reverts unless the proof does.
    /// @dev Accounts are compared as the words they are: one with dirty bits is a fault of its own, whichever side it is on.
    function checkOrder(Dispute calldata dispute, OrderProof memory proof) internal pure {
        uint256 low = Openings.open(dispute.tree(), proof.left).account;
        uint256 high = Openings.open(dispute.tree(), proof.right).account;
        Openings.checkAdjacent(proof.left.index, proof.right.index);
        require(low >= high, ISettlementVerifier.SettlementVerifier_NoFault(Fault.Order));
    }

    /// @notice Proves {Fault-Transition}; reverts unless the proof does.
    function checkTransition(Dispute calldata dispute, TransitionProof memory proof) internal pure {
        uint256[] memory cohorts = dispute.cohorts();
        (uint256 account, bytes32 curveHash, Audit memory audit) = dispute.readLeaf(proof.leaf, cohorts.length);
        Curve memory before = _before(dispute, proof, account);
        // Without a leaf before, a score must be the reason for one now.
        bool exists = proof.before.length != 0 || AccountTransition.hasScore(audit);
        if (!exists) return;
        uint256 granted = dispute.grantDown(audit.scores);
        Curve memory expected;
        (exists, expected) = AccountTransition.next(dispute.record, cohorts, before, audit, granted);
        require(
            !exists || expected.hash() != curveHash,
            ISettlementVerifier.SettlementVerifier_NoFault(Fault.Transition)
        );
    }

    /// @notice Proves {Fault-Dropped}; reverts unless the proof does.
    function checkDropped(Dispute calldata dispute, DroppedProof memory proof) internal pure {
        (uint256 account, ) = _parentLeaf(dispute, proof.before);
        Openings.checkBetween(dispute.tree(), account, proof.absence);
    }

    /// @dev The account's curve before the epoch; empty if it is proven to have had no leaf.
    function _before(
        Dispute calldata dispute,
        TransitionProof memory proof,
        uint256 account
    ) private pure returns (Curve memory curve) {
        Openings.checkLength(proof.before.length + proof.absence.length, 1);
        if (proof.before.length == 0) {
            Openings.checkAbsent(
                dispute.parentTree(),
                account,
                proof.absence[0],
                dispute.record.start,
                dispute.forbidden
            );
            return curve;
        }
        uint256 owner;
        (owner, curve) = _parentLeaf(dispute, proof.before[0]);
        require(owner == account, ISettlementVerifier.SettlementVerifier_AccountMismatch(owner, account));
    }

    /// @dev Account and curve of a leaf of the previous tree; reverts if it is none, or malformed, for then it counts as none.
    function _parentLeaf(
        Dispute calldata dispute,
        CurveOpening memory opening
    ) private pure returns (uint256 account, Curve memory curve) {
        LeafWords memory leafWords = Openings.open(dispute.parentTree(), opening.at);
        Openings.checkPreimage(opening.curve, leafWords.curveHash);
        bool fits;
        (fits, curve) = RawLeaf.readCurve(opening.curve, dispute.record.start);
        require(
            fits && RawLeaf.isWellFormed(opening.at.leaf, dispute.forbidden),
            ISettlementVerifier.SettlementVerifier_Malformed(opening.at.index)
        );
        return (leafWords.account, curve);
    }
}
