// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title ILockedSupply: what of the supply cannot vote, over time
/// @notice Answered by whoever keeps the books of tokens that nobody holds yet. A quorum leaves them out.
/// @dev An implementer counts booked amounts, never balances, so that nobody moves the figure by a transfer; never more
/// than what it really keeps; and gives the **same answer about a past moment for ever**.
interface ILockedSupply {
    /// @notice What was locked was written down.
    event LockedSupplyRecorded(uint256 oldLocked, uint256 newLocked);

    /// @notice A question about the present or the future, whose answer could still change.
    error LockedSupply_NotPast(uint256 time, uint256 present);

    /// @notice How much was locked at a past moment, in wei, as it was last written down by then.
    /// @param time The moment, unix seconds, before now.
    function lockedAt(uint48 time) external view returns (uint256);
}
