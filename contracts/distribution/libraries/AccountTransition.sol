// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Audit} from "../../libraries/SettlementLeaf.sol";
import {Curve, VestingCurve} from "../../vesting/libraries/VestingCurve.sol";
import {EpochRecord} from "../interfaces/IEpochParameters.sol";

/// @title AccountTransition
/// @notice The one curve that an account can have after an epoch.
/// @dev The steps of {VestingCurve}: roll, accelerate, join. Here they are taken with figures that nobody vouches for, so
/// each is asked first whether it can be taken. Bounds: `before` is canonical at the epoch's start, hence below 2^128 in all;
/// the audit is in its ranges; the record's acceleration bound is at most 1e18; so no sum here leaves 256 bits, and no step
/// that was asked for reverts.
library AccountTransition {
    using VestingCurve for Curve;

    /// @notice The curve after the epoch; changes the given one in memory.
    /// @param record The epoch's record.
    /// @param cohorts Cohorts of the parent's total curve that are unfinished at the epoch's end, by rising end.
    /// @param before The account's curve before; empty if it had no leaf.
    /// @param audit The account's scores and accelerated amounts.
    /// @param granted What the scores earn, in wei.
    /// @return exists Whether there is such a curve: whether the accelerated amounts are within the bound and taken from the
    /// oldest cohorts first, and the grant can join. If not, `curve` is not to be used.
    /// @return curve The curve.
    function next(
        EpochRecord calldata record,
        uint256[] memory cohorts,
        Curve memory before,
        Audit memory audit,
        uint256 granted
    ) internal pure returns (bool exists, Curve memory curve) {
        curve = before.roll(record.end);
        uint256 amount = 0;
        // At most 26 amounts below 2^128.
        for (uint256 j = 0; j < audit.accelerated.length; ++j) amount += audit.accelerated[j];
        // The limit is at most what is left, for the bound is at most 1e18: the whole amount can be taken.
        if (amount > VestingCurve.accelerationLimitDown(curve.left(), record.accelerationBound)) return (false, curve);
        if (!_isOldestFirst(curve.cohorts, amount, cohorts, audit.accelerated)) return (false, curve);
        curve = curve.accelerate(amount);
        if (!curve.canJoin(granted, record.cohortEnd, record.duration)) return (false, curve);
        return (true, curve.join(granted, record.cohortEnd, record.duration));
    }

    /// @notice Whether anything was done that makes a leaf for an account that had none.
    function hasScore(Audit memory audit) internal pure returns (bool) {
        for (uint256 i = 0; i < audit.scores.length; ++i) if (audit.scores[i] != 0) return true;
        return false;
    }

    /// @dev Whether `amount`, taken from the account's cohorts oldest first, gives exactly `accelerated`, which is aligned to the
    /// protocol's cohorts. Both lists of cohorts are by rising end, so one walk through both sees every amount once.
    function _isOldestFirst(
        uint256[] memory own,
        uint256 amount,
        uint256[] memory cohorts,
        uint256[] memory accelerated
    ) private pure returns (bool) {
        uint256 at = 0;
        uint256 rest = amount;
        for (uint256 j = 0; j < cohorts.length; ++j) {
            uint256 end = VestingCurve.endOf(cohorts[j]);
            uint256 taken = 0;
            if (rest != 0 && at < own.length && VestingCurve.endOf(own[at]) == end) {
                uint256 face = VestingCurve.amountOf(own[at++]);
                taken = rest < face ? rest : face;
                rest -= taken;
            }
            if (accelerated[j] != taken) return false;
        }
        // Something is left to take from a cohort that is not the protocol's.
        return rest == 0;
    }
}
