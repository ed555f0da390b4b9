// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";

/// @title IGuardianCanceller: the guardian's hand on the timelock
/// @notice A guardian can stop what waits in the timelock before it acts, such as the work of bought votes. It cannot stop
/// its own replacement, and it can start nothing.
/// @dev It holds the timelock's canceller role; who may call it stands in the access manager.
interface IGuardianCanceller {
    /// @notice A guardian stopped an operation.
    event OperationCancelled(bytes32 indexed id, address indexed guardian, string reason);

    /// @notice All that the operation does is to replace guardians.
    error GuardianCanceller_OwnReplacement(bytes32 id);

    /// @notice Stops a single call that was scheduled.
    ///
    /// Emits {OperationCancelled}.
    ///
    /// Requirements:
    /// - the caller is a guardian;
    /// - the operation is waiting, or ready and not executed;
    /// - it is not a replacement of guardians: giving or taking their role, or taking the canceller role from this contract.
    /// @param target Whom the operation calls.
    /// @param value What it sends, in wei of the native coin.
    /// @param payload What it calls.
    /// @param predecessor What has to be executed before it; 0: nothing.
    /// @param salt What makes it different from others like it.
    /// @param reason Why, for everybody to read.
    function cancel(
        address target,
        uint256 value,
        bytes calldata payload,
        bytes32 predecessor,
        bytes32 salt,
        string calldata reason
    ) external;

    /// @notice Stops a batch that was scheduled, such as what a vote has decided.
    /// @dev A batch in which all calls replace guardians is out of reach; one with any other call in it is not.
    ///
    /// Emits {OperationCancelled}.
    ///
    /// Requirements: those of {cancel}.
    function cancelBatch(
        address[] calldata targets,
        uint256[] calldata values,
        bytes[] calldata payloads,
        bytes32 predecessor,
        bytes32 salt,
        string calldata reason
    ) external;

    /// @notice Whether a call does nothing but replace guardians.
    function isReplacement(address target, bytes calldata payload) external view returns (bool);

    /// @notice The timelock.
    function TIMELOCK() external view returns (TimelockController);

    /// @notice The guardians' role in the access manager.
    function GUARDIAN_ROLE() external view returns (uint64);
}
