// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title IMiningTimelock: what OpenZeppelin's timelock does not bound
/// @notice Every governed change waits here, in public. How long is bounded in code, and who may schedule is changed by
/// nobody until the hand-over: the council cannot prolong its own power.
/// @dev The timelock does not administer its own roles before {handOver}. Whoever deploys it gives its administration to
/// {Handover} and renounces it.
interface IMiningTimelock {
    /// @notice The holders took over; what the council had scheduled and not executed has lapsed.
    event HandedOver();

    /// @notice A delay outside its bounds.
    error MiningTimelock_DelayOutOfRange(uint256 delay, uint256 minimum, uint256 maximum);

    /// @notice The holders have already taken over.
    error MiningTimelock_AlreadyHandedOver();

    /// @notice Ends the council's time: from now on the timelock administers its own roles, by what it executes, and every
    /// operation that was scheduled before and is still waiting or ready is as if it had never been scheduled.
    /// @dev Without the last part the council could schedule today what gives it power tomorrow.
    ///
    /// Emits {HandedOver}.
    ///
    /// Requirements:
    /// - the caller holds the administration of the timelock's roles;
    /// - it was not called before.
    function handOver() external;

    /// @notice Whether the holders have taken over.
    function handedOver() external view returns (bool);

    /// @notice The shortest delay that can be set, in seconds.
    function MIN_MIN_DELAY() external view returns (uint256);

    /// @notice The longest delay that can be set, in seconds.
    function MAX_MIN_DELAY() external view returns (uint256);
}
