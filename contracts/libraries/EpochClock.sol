// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {Epoch} from "../types/Epoch.sol";

/// @title EpochClock
/// @notice Which epoch a moment belongs to, and when an epoch begins and ends.
/// @dev Epoch `e` is the half-open interval `[start + e * length, start + (e + 1) * length)`: a moment belongs to exactly
/// one epoch, and an epoch's end is the next one's start. Times are Unix seconds below 2^40.
library EpochClock {
    using SafeCast for uint256;

    /// @notice Thrown when asked for the epoch of a moment before the first one.
    error EpochClock_BeforeStart(uint256 time, uint256 start);

    /// @notice The epoch that `time` falls into; a time exactly on a border belongs to the epoch that begins there.
    /// @param start First second of epoch 0.
    /// @param length Seconds in an epoch, not 0.
    /// @param time Unix seconds, at least `start`.
    function epochAt(uint256 start, uint256 length, uint256 time) internal pure returns (Epoch) {
        require(time >= start, EpochClock_BeforeStart(time, start));
        return Epoch.wrap(((time - start) / length).toUint32());
    }

    /// @notice The first second of `epoch`.
    function startOf(uint256 start, uint256 length, Epoch epoch) internal pure returns (uint40) {
        return (start + Epoch.unwrap(epoch) * length).toUint40();
    }

    /// @notice The first second after `epoch`.
    function endOf(uint256 start, uint256 length, Epoch epoch) internal pure returns (uint40) {
        return (start + (uint256(Epoch.unwrap(epoch)) + 1) * length).toUint40();
    }
}
