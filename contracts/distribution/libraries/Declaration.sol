// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Curve, VestingCurve} from "../../vesting/libraries/VestingCurve.sol";
import {IEpochDistributor} from "../interfaces/IEpochDistributor.sol";
import {EpochRecord} from "../interfaces/IEpochParameters.sol";
import {Settlement} from "../interfaces/ISettlementArithmetic.sol";
import {SettlementOutcome} from "./SettlementOutcome.sol";

/// @title Declaration
/// @notice What can be seen to be wrong with a settlement before anyone opens its tree.
/// @dev Keeps every figure in the range that the arithmetic and the fraud proofs count on. Whether the figures are *true* is
/// not asked here.
library Declaration {
    using VestingCurve for Curve;

    /// @notice Reverts unless the declaration is well formed; see {IEpochDistributor-propose} for the list.
    /// @param record The epoch's record.
    /// @param settlement What is declared.
    /// @param reserve S, in wei.
    /// @param total The vault's total curve after the parent; it is rolled in place.
    function check(
        EpochRecord memory record,
        Settlement memory settlement,
        uint256 reserve,
        Curve memory total
    ) internal pure {
        require(
            (settlement.root == 0) == (settlement.leafCount == 0),
            IEpochDistributor.EpochDistributor_RootLeafCountMismatch(settlement.root, settlement.leafCount)
        );
        _checkTasks(record, settlement);
        uint256 miners = SettlementOutcome.payoutOf(record, settlement.participants, reserve).miners;
        require(
            settlement.granted <= miners,
            IEpochDistributor.EpochDistributor_GrantedAboveMiners(settlement.granted, miners)
        );
        total = total.roll(record.end);
        uint256 most = VestingCurve.accelerationLimitDown(total.left(), record.accelerationBound);
        _checkAccelerated(settlement.accelerated, total.cohorts, most);
    }

    function _checkTasks(EpochRecord memory record, Settlement memory settlement) private pure {
        uint256 tasks = record.tasks.length;
        uint256 leaves = settlement.leafCount;
        require(
            settlement.participants.length == tasks && settlement.scoreTotals.length == tasks,
            IEpochDistributor.EpochDistributor_TasksLengthMismatch(
                settlement.participants.length,
                settlement.scoreTotals.length,
                tasks
            )
        );
        for (uint256 i = 0; i < tasks; ++i) {
            uint256 participants = settlement.participants[i];
            require(
                participants <= leaves,
                IEpochDistributor.EpochDistributor_ParticipantsAboveLeafCount(record.tasks[i], participants, leaves)
            );
            // Each participant has at least the minimum, and no leaf more than a score can hold.
            uint256 least = participants * record.minScores[i];
            uint256 most = leaves * type(uint96).max;
            uint256 scoreTotal = settlement.scoreTotals[i];
            require(
                scoreTotal >= least && scoreTotal <= most,
                IEpochDistributor.EpochDistributor_ScoreTotalOutOfRange(record.tasks[i], scoreTotal, least, most)
            );
        }
    }

    /// @dev Each account is held to the bound, rounded down, so all together are, too; a false root cannot unlock more.
    function _checkAccelerated(uint128[] memory accelerated, uint256[] memory cohorts, uint256 most) private pure {
        uint256 sum = 0;
        require(
            accelerated.length == cohorts.length,
            IEpochDistributor.EpochDistributor_AcceleratedLengthMismatch(accelerated.length, cohorts.length)
        );
        for (uint256 i = 0; i < cohorts.length; ++i) {
            uint256 amount = VestingCurve.amountOf(cohorts[i]);
            require(
                accelerated[i] <= amount,
                IEpochDistributor.EpochDistributor_AcceleratedAboveCohort(i, accelerated[i], amount)
            );
            sum += accelerated[i];
        }
        require(sum <= most, IEpochDistributor.EpochDistributor_AcceleratedAboveBound(sum, most));
    }
}
