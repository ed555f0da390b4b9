// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Audit} from "../../libraries/SettlementLeaf.sol";
import {SettlementMath} from "../../libraries/SettlementMath.sol";
import {Curve, VestingCurve} from "../../vesting/libraries/VestingCurve.sol";
import {EpochRecord} from "../interfaces/IEpochParameters.sol";
import {AuditOpening, Dispute, ISettlementVerifier} from "../interfaces/ISettlementVerifier.sol";
import {Openings, Tree} from "./Openings.sol";
import {LeafWords, RawLeaf} from "./RawLeaf.sol";
import {SettlementOutcome} from "./SettlementOutcome.sol";

/// @title DisputedEpoch
/// @notice What follows from a dispute alone, before any leaf is looked at.
/// @dev The dispute's figures passed {Declaration-check} when the settlement was proposed: lists are aligned to the record's
/// tasks and to the cohorts, and the payout could be computed. So nothing here reverts.
library DisputedEpoch {
    using VestingCurve for Curve;

    /// @notice The tree that is disputed.
    function tree(Dispute calldata dispute) internal pure returns (Tree memory) {
        return Tree(dispute.settlement.root, dispute.settlement.leafCount);
    }

    /// @notice The tree of the epoch before.
    function parentTree(Dispute calldata dispute) internal pure returns (Tree memory) {
        return Tree(dispute.parentRoot, dispute.parentLeafCount);
    }

    /// @notice The cohorts of the parent's total curve that are unfinished at the epoch's end, by rising end. Accelerated
    /// amounts are aligned to them.
    function cohorts(Dispute calldata dispute) internal pure returns (uint256[] memory) {
        Curve memory total = dispute.total;
        return total.roll(dispute.record.end).cohorts;
    }

    /// @notice What an account with these scores is granted, by the declared participants and score totals.
    function grantDown(Dispute calldata dispute, uint256[] memory scores) internal pure returns (uint256) {
        EpochRecord memory record = dispute.record;
        uint32[] memory participants = dispute.settlement.participants;
        uint256 miners = SettlementOutcome.payoutOf(record, participants, dispute.reserve).miners;
        (uint256[] memory budgets, ) = SettlementMath.taskBudgetsDown(miners, record.weights, participants);
        return SettlementMath.grantDown(budgets, scores, dispute.settlement.scoreTotals, record.accountCap);
    }

    /// @notice The figures of a leaf of the disputed tree, with its account's word and its curve hash; reverts unless it is one
    /// and its audit is well formed.
    /// @param dispute The dispute.
    /// @param opening The leaf with the bytes behind its audit hash.
    /// @param cohortCount How many {cohorts} there are.
    function readLeaf(
        Dispute calldata dispute,
        AuditOpening memory opening,
        uint256 cohortCount
    ) internal pure returns (uint256 account, bytes32 curveHash, Audit memory audit) {
        LeafWords memory leafWords = Openings.open(tree(dispute), opening.at);
        Openings.checkPreimage(opening.audit, leafWords.auditHash);
        bool fits;
        (fits, audit) = RawLeaf.readAudit(opening.audit, dispute.record.tasks.length, cohortCount);
        require(fits, ISettlementVerifier.SettlementVerifier_Malformed(opening.at.index));
        return (leafWords.account, leafWords.curveHash, audit);
    }
}
