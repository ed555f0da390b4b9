// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Epoch} from "../../types/Epoch.sol";

/// @title EmissionCurve: how much exists when
/// @notice The published emission of the token: a table of how much has been emitted in all at the end of each period,
/// and a straight line inside a period. It also holds the protocol's clock. Nothing in it can ever be changed.
interface IEmissionCurve {
    /// @notice One row of the table.
    /// @param end When the period ends (unix seconds). The next one starts at that very second.
    /// @param cumulative What has been emitted from the start to that moment, in wei.
    struct Period {
        uint40 end;
        uint128 cumulative;
    }

    /// @notice The curve was written, once and for all.
    event CurveFixed(uint40 start, uint40 epochLength, uint256 periods, uint40 end, uint128 total);

    /// @notice Epochs shorter than half a day leave no time for a settlement to be challenged; a year is the longest.
    error EmissionCurve_EpochLengthOutOfRange(uint40 length, uint40 minimum, uint40 maximum);

    /// @notice The table has no row, or more than fit.
    error EmissionCurve_PeriodCountOutOfRange(uint256 count, uint256 maximum);

    /// @notice A period that does not end after it starts.
    error EmissionCurve_PeriodNotAfter(uint256 position, uint40 end, uint40 previousEnd);

    /// @notice A cumulative amount that is smaller than the one before it.
    error EmissionCurve_CumulativeFalls(uint256 position, uint128 cumulative, uint128 previousCumulative);

    /// @notice A curve that emits nothing.
    error EmissionCurve_TotalZero();

    /// @notice What has been emitted from the start to the moment `time`, in wei: 0 before the start, the {TOTAL} from
    /// the last period's end on, and rounded down inside a period. It never falls.
    /// @param time Unix seconds; any value.
    function emittedBy(uint256 time) external view returns (uint128 amount);

    /// @notice What an epoch may emit, in wei: the curve at its end minus the curve at its start. The budgets of epochs
    /// 0 to k add up to the curve at the end of epoch k, exactly.
    /// @param epoch Any epoch; 0 for those after the curve's end.
    function budgetOf(Epoch epoch) external view returns (uint128 amount);

    /// @notice The first second of an epoch.
    ///
    /// Requirements:
    /// - the time fits 40 bits (true for 30,000 years).
    function startOf(Epoch epoch) external view returns (uint40 time);

    /// @notice The end of an epoch: the first second that does not belong to it.
    ///
    /// Requirements:
    /// - the time fits 40 bits (true for 30,000 years).
    function endOf(Epoch epoch) external view returns (uint40 time);

    /// @notice The epoch to which a moment belongs.
    ///
    /// Requirements:
    /// - `time` is not before the {START}.
    function epochAt(uint256 time) external view returns (Epoch epoch);

    /// @notice The whole table, as it was given.
    function periods() external view returns (Period[] memory table);

    /// @notice The start of the first epoch (unix seconds).
    function START() external view returns (uint40);

    /// @notice The length of every epoch, in seconds.
    function EPOCH_LENGTH() external view returns (uint40);

    /// @notice The end of the last period (unix seconds): nothing is emitted from there on.
    function END() external view returns (uint40);

    /// @notice What the curve emits in all, in wei.
    function TOTAL() external view returns (uint128);
}
