// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";

/// @title ReserveMath
/// @notice How much of an epoch's budget is paid out: little with few participants, more when the price is low.
/// @dev With m tasks of weights w_i and n_i participants, budget R, reserve S and price P:
///
///   nEff    = m * Σ w_i * n_i
///   L(nEff) = a / (1 + exp(-b * (nEff - c)))
///   factor  = L(nEff) - alpha * ln(P / priceRef)
///   base    = R + rho * S                              what was withheld comes back slowly
///   payout  = clamp(base * factor, 0, R + S / T)       nothing if nobody took part
///
/// Everything is a wad (1e18 = 1) or wei. Each step rounds against release: L down, the price term up, the payout down, so that
/// a rounding error can only leave a wei in the reserve. exp and ln are Solady's, which are monotone; their declared errors are
/// added on the side that withholds. Against the exact value, L is low by at most {LOGISTIC_ERROR} and the price term high by at
/// most {PRICE_TERM_ERROR}.
///
/// Bounds (kept by the caller): a <= 1e18, b <= 10e18, c < 2^128, alpha <= 1e18, rho <= 1e18, R and S < 2^128. Within them no
/// function reverts for any number of participants below 2^128 and any price at all.
library ReserveMath {
    uint256 internal constant WAD = 1e18;

    /// @dev exp overflows above 135; at 130 the logistic is 0 to the last wad, and below -41 its exp is.
    int256 internal constant MAX_EXPONENT = 130e18;
    /// @dev P counts as at most priceRef * 10^6 and at least priceRef / 10^6. The ratio is kept to 36 decimals.
    uint256 internal constant PRICE_RATIO_UNIT = 1e36;
    uint256 internal constant MAX_PRICE_RATIO = 1e42;
    uint256 internal constant MIN_PRICE_RATIO = 1e30;
    /// @dev ln(1e18), rounded down: what lnWad of a ratio to 36 decimals is too large by.
    int256 internal constant LN_1E18 = 41446531673892822312;

    /// @dev expWad is within two units of the last place plus one part in 2^64 of the exact value.
    uint256 internal constant EXP_ERROR_SHIFT = 64;
    uint256 internal constant EXP_ERROR = 2;
    /// @dev lnWad is within two units of the last place of the exact value.
    int256 internal constant LN_ERROR = 2;

    /// @notice How far below its exact value the logistic may lie, as a wad.
    uint256 internal constant LOGISTIC_ERROR = 5;
    /// @notice How far above its exact value the price term may lie, as a wad.
    uint256 internal constant PRICE_TERM_ERROR = 4;

    /// @notice Thrown when weights and participants do not match one to one.
    error ReserveMath_LengthMismatch(uint256 weights, uint256 participants);

    /// @notice The effective number of participants, m * Σ w_i * n_i, as a wad. Exact.
    /// @param weights Weight of each task, wads that add up to 1e18.
    /// @param participants Participants of each task.
    function effectiveParticipants(
        uint64[] memory weights,
        uint32[] memory participants
    ) internal pure returns (uint256 nEff) {
        require(weights.length == participants.length, ReserveMath_LengthMismatch(weights.length, participants.length));
        for (uint256 i = 0; i < weights.length; ++i) nEff += uint256(weights[i]) * participants[i];
        nEff *= weights.length;
    }

    /// @notice L(nEff), the part of the base that this many participants release, rounded down. Never falls as nEff rises.
    /// @param a The logistic's upper limit, a wad.
    /// @param b Its steepness per participant, a wad.
    /// @param c Participants at its middle, a wad.
    /// @param nEff Effective participants, a wad.
    function logisticDown(uint256 a, uint256 b, uint256 c, uint256 nEff) internal pure returns (uint256) {
        int256 exponent;
        if (nEff >= c) {
            // -b * (nEff - c), towards zero: up.
            uint256 size = Math.min(Math.saturatingMul(b, nEff - c) / WAD, uint256(MAX_EXPONENT));
            // At most MAX_EXPONENT.
            exponent = -int256(size);
        } else {
            // b * (c - nEff), away from zero: up.
            uint256 size = Math.min(Math.ceilDiv(Math.saturatingMul(b, c - nEff), WAD), uint256(MAX_EXPONENT));
            // At most MAX_EXPONENT.
            exponent = int256(size);
        }
        // expWad is never negative.
        uint256 power = uint256(FixedPointMathLib.expWad(exponent));
        uint256 powerUp = power + (power >> EXP_ERROR_SHIFT) + EXP_ERROR;
        return (a * WAD) / (WAD + powerUp);
    }

    /// @notice alpha * ln(P / priceRef), what the price takes from the factor, rounded up; negative when the price is low.
    /// Never falls as the price rises. 0 without a price.
    /// @param alpha Weight of the price, a wad.
    /// @param price P, a wad; 0 means that there is none.
    /// @param priceRef The price at which the term is 0, a wad, not 0.
    function priceTermUp(uint256 alpha, uint256 price, uint256 priceRef) internal pure returns (int256) {
        if (price == 0 || alpha == 0) return 0;
        int256 logarithm = FixedPointMathLib.lnWad(int256(_priceRatioUp(price, priceRef))) - LN_1E18 + LN_ERROR;
        // No overflow: alpha and |logarithm| are below 2^64.
        if (logarithm >= 0) return int256(Math.ceilDiv(alpha * uint256(logarithm), WAD));
        return -int256((alpha * uint256(-logarithm)) / WAD);
    }

    /// @notice What an epoch starts from: its budget and the slow return of the reserve, rounded down.
    /// @param budget R, in wei.
    /// @param reserve S, in wei.
    /// @param rho Part of the reserve that returns per epoch, a wad.
    function baseDown(uint256 budget, uint256 reserve, uint256 rho) internal pure returns (uint256) {
        return budget + Math.mulDiv(reserve, rho, WAD);
    }

    /// @notice The most that an epoch may pay out: its budget and the T-th part of the reserve, rounded down.
    /// @param budget R, in wei.
    /// @param reserve S, in wei.
    /// @param smoothing T; 0 means that nothing may leave the reserve.
    function ceilingDown(uint256 budget, uint256 reserve, uint256 smoothing) internal pure returns (uint256) {
        return smoothing == 0 ? budget : budget + reserve / smoothing;
    }

    /// @notice clamp(base * factor, 0, ceiling), rounded down.
    /// @param base In wei, see {baseDown}.
    /// @param factor L - price term, a wad, of any sign; 1e18 where no law applies.
    /// @param ceiling In wei, see {ceilingDown}.
    function payoutDown(uint256 base, int256 factor, uint256 ceiling) internal pure returns (uint256) {
        if (factor <= 0) return 0;
        return Math.min(Math.mulDiv(base, uint256(factor), WAD), ceiling);
    }

    /// @dev P / priceRef to 36 decimals, rounded up, within its limits; compared before it is divided, so that any price will do.
    function _priceRatioUp(uint256 price, uint256 priceRef) private pure returns (uint256) {
        if (price / priceRef >= MAX_PRICE_RATIO / PRICE_RATIO_UNIT) return MAX_PRICE_RATIO;
        return Math.max(Math.mulDiv(price, PRICE_RATIO_UNIT, priceRef, Math.Rounding.Ceil), MIN_PRICE_RATIO);
    }
}
