// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @notice Why an epoch granted another amount than its budget, in wei; the six figures add up to `budget - granted`.
/// @param reserveReturn What the reserve's slow return added, as a negative figure.
/// @param noMiner The whole base, in an epoch in which nobody took part.
/// @param participation What few participants left in the reserve.
/// @param priceAndClamp What the price and the limits withheld (or, negative, gave).
/// @param emptyTask Budgets of tasks without a participant, with the foundation's part of them.
/// @param capAndRounding What the cap per account and rounding down left.
struct Reasons {
    int256 reserveReturn;
    int256 noMiner;
    int256 participation;
    int256 priceAndClamp;
    int256 emptyTask;
    int256 capAndRounding;
}

/// @title SettlementMath
/// @notice Who gets what of an epoch's payout, exact to the wei.
/// @dev With payout P, foundation share φ, weights w_i, participants n_i, score totals S_i and cap κ (all wads or wei):
///
///   foundation = P * φ           miners = P - foundation
///   B_i        = miners * w_i    0 for a task without a participant
///   grant(a)   = Σ_i min(B_i * s_i(a) / S_i, B_i * κ)
///   g          = Σ grant(a)      f = foundation * g / miners: the foundation earns only when miners do
///   granted    = g + f           withheld = max(0, R - granted), injected = max(0, granted - R)
///
/// Every division rounds down, in favour of the reserve, which is the named home of each remainder: Σ B_i <= miners, and
/// g <= Σ B_i. Bounds: amounts and score totals < 2^128, scores < 2^96, φ, w_i and κ <= 1e18.
library SettlementMath {
    uint256 private constant WAD = 1e18;

    /// @notice Thrown when arrays that belong together differ in length.
    error SettlementMath_LengthMismatch(uint256 expected, uint256 given);

    /// @notice Splits a payout between the foundation (rounded down) and the miners (the rest).
    /// @param payout In wei.
    /// @param share The foundation's share, a wad.
    function split(uint256 payout, uint256 share) internal pure returns (uint256 foundation, uint256 miners) {
        foundation = (payout * share) / WAD;
        miners = payout - foundation;
    }

    /// @notice The budget of each task, rounded down, and the sum of those that stay unused because nobody took part.
    /// @param miners The miners' part of the payout, in wei.
    /// @param weights Weight of each task, wads that add up to 1e18.
    /// @param participants Participants of each task.
    /// @return budgets In wei; 0 for a task without a participant.
    /// @return unused Σ of the budgets that tasks without a participant would have had.
    function taskBudgetsDown(
        uint256 miners,
        uint64[] memory weights,
        uint32[] memory participants
    ) internal pure returns (uint256[] memory budgets, uint256 unused) {
        uint256 count = weights.length;
        require(participants.length == count, SettlementMath_LengthMismatch(count, participants.length));
        budgets = new uint256[](count);
        for (uint256 i = 0; i < count; ++i) {
            uint256 budget = (miners * weights[i]) / WAD;
            if (participants[i] == 0) unused += budget;
            else budgets[i] = budget;
        }
    }

    /// @notice What one score earns of one task's budget, rounded down and capped.
    /// @param budget The task's budget, in wei.
    /// @param score The account's score.
    /// @param scoreTotal Σ of all scores in the task; 0 earns nothing.
    /// @param cap The most of a task's budget that one account can earn, a wad.
    function taskGrantDown(
        uint256 budget,
        uint256 score,
        uint256 scoreTotal,
        uint256 cap
    ) internal pure returns (uint256) {
        if (scoreTotal == 0) return 0;
        uint256 share = (budget * score) / scoreTotal;
        uint256 most = (budget * cap) / WAD;
        return share < most ? share : most;
    }

    /// @notice What an account earns in an epoch: the sum over the tasks of {taskGrantDown}.
    function grantDown(
        uint256[] memory budgets,
        uint256[] memory scores,
        uint128[] memory scoreTotals,
        uint256 cap
    ) internal pure returns (uint256 amount) {
        uint256 count = budgets.length;
        require(scores.length == count, SettlementMath_LengthMismatch(count, scores.length));
        require(scoreTotals.length == count, SettlementMath_LengthMismatch(count, scoreTotals.length));
        for (uint256 i = 0; i < count; ++i) amount += taskGrantDown(budgets[i], scores[i], scoreTotals[i], cap);
    }

    /// @notice The foundation's grant, in proportion to what miners really got, rounded down; 0 if there was nothing for them.
    /// @param foundation The foundation's part of the payout, in wei.
    /// @param granted g, the sum of the miners' grants, in wei; at most `miners`.
    /// @param miners The miners' part of the payout, in wei.
    function foundationGrantDown(uint256 foundation, uint256 granted, uint256 miners) internal pure returns (uint256) {
        return miners == 0 ? 0 : (foundation * granted) / miners;
    }

    /// @notice What goes into the reserve, and what comes out of it; at most one of them is not 0.
    /// @param budget R, in wei.
    /// @param granted g + f, in wei.
    function balance(uint256 budget, uint256 granted) internal pure returns (uint256 withheld, uint256 injected) {
        if (granted < budget) withheld = budget - granted;
        else injected = granted - budget;
    }

    /// @notice Takes the difference of budget and grant apart. Exact: the figures add up to `budget - granted`.
    /// @param budget R, in wei.
    /// @param base Budget and the reserve's return, in wei.
    /// @param levelled base * L, rounded down: what participation alone would release, in wei.
    /// @param payout In wei; 0 if nobody took part.
    /// @param share The foundation's share, a wad.
    /// @param unused Budgets of tasks without a participant, see {taskBudgetsDown}.
    /// @param granted g + f, in wei.
    /// @param hasParticipants Whether any task had a participant.
    function reasons(
        uint256 budget,
        uint256 base,
        uint256 levelled,
        uint256 payout,
        uint256 share,
        uint256 unused,
        uint256 granted,
        bool hasParticipants
    ) internal pure returns (Reasons memory result) {
        // All figures are sums of a few amounts below 2^128, so no cast changes a value.
        result.reserveReturn = int256(budget) - int256(base);
        if (hasParticipants) {
            (uint256 foundation, uint256 miners) = split(payout, share);
            result.participation = int256(base) - int256(levelled);
            result.priceAndClamp = int256(levelled) - int256(payout);
            result.emptyTask = int256(unused + foundationGrantDown(foundation, unused, miners));
            result.capAndRounding = int256(payout) - int256(granted) - result.emptyTask;
        } else {
            result.noMiner = int256(base);
        }
    }
}
