// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {SettlementMath} from "../../libraries/SettlementMath.sol";
import {ReserveParameters} from "../../reserve/interfaces/IStabilizationReserve.sol";
import {ReserveMath} from "../../reserve/libraries/ReserveMath.sol";
import {EpochRecord} from "../interfaces/IEpochParameters.sol";
import {Outcome, Settlement} from "../interfaces/ISettlementArithmetic.sol";

/// @notice What an epoch pays before anyone's scores are looked at; all in wei.
/// @param base Budget and the reserve's return.
/// @param levelled What participation alone would release of it.
/// @param payout What is paid at most: to the foundation and to miners.
/// @param foundation The foundation's part of the payout.
/// @param miners The miners' part.
/// @param hasParticipants Whether any task had a participant.
struct Payout {
    uint256 base;
    uint256 levelled;
    uint256 payout;
    uint256 foundation;
    uint256 miners;
    bool hasParticipants;
}

/// @title SettlementOutcome
/// @notice From an epoch's record, the reserve S and what an operator declares to what is paid, step by step.
/// @dev Puts {ReserveMath} and {SettlementMath} together, and adds no formula of its own. Bounds are theirs. The same steps
/// serve when a settlement is proposed, when it becomes final and when one account of it is recomputed.
library SettlementOutcome {
    /// @notice The payout of an epoch and how it is split.
    /// @param record The epoch's record.
    /// @param participants How many accounts took part in each task.
    /// @param reserve S, in wei.
    function payoutOf(
        EpochRecord memory record,
        uint32[] memory participants,
        uint256 reserve
    ) internal pure returns (Payout memory result) {
        ReserveParameters memory law = record.reserve;
        result.base = ReserveMath.baseDown(record.budget, reserve, law.rho);
        uint256 nEff = ReserveMath.effectiveParticipants(record.weights, participants);
        // Weights are never 0, so there are effective participants exactly if there are participants.
        result.hasParticipants = nEff != 0;

        // ReserveMath's wads are far below 2^255.
        int256 factor = int256(ReserveMath.WAD);
        result.levelled = result.base;
        if (law.hasLaw) {
            uint256 level = ReserveMath.logisticDown(law.a, law.b, law.c, nEff);
            factor = int256(level) - ReserveMath.priceTermUp(law.alpha, record.price, law.priceRef);
            result.levelled = Math.mulDiv(result.base, level, ReserveMath.WAD);
        }
        if (result.hasParticipants) {
            uint256 ceiling = ReserveMath.ceilingDown(record.budget, reserve, law.smoothing);
            result.payout = ReserveMath.payoutDown(result.base, factor, ceiling);
        }
        (result.foundation, result.miners) = SettlementMath.split(result.payout, record.foundationShare);
    }

    /// @notice What the epoch comes to with the settlement that was declared.
    /// @param record The epoch's record.
    /// @param settlement What was declared; `granted` is at most the miners' part.
    /// @param reserve S, in wei.
    function outcomeOf(
        EpochRecord memory record,
        Settlement memory settlement,
        uint256 reserve
    ) internal pure returns (Outcome memory result) {
        Payout memory paid = payoutOf(record, settlement.participants, reserve);
        result.payout = paid.payout;
        result.foundationGranted = SettlementMath.foundationGrantDown(paid.foundation, settlement.granted, paid.miners);
        result.granted = settlement.granted + result.foundationGranted;
        (result.withheld, result.injected) = SettlementMath.balance(record.budget, result.granted);
        (, uint256 unused) = SettlementMath.taskBudgetsDown(paid.miners, record.weights, settlement.participants);
        result.reasons = SettlementMath.reasons(
            record.budget,
            paid.base,
            paid.levelled,
            paid.payout,
            record.foundationShare,
            unused,
            result.granted,
            paid.hasParticipants
        );
    }
}
