// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";

import {IGuardianCanceller} from "./interfaces/IGuardianCanceller.sol";

/// @title GuardianCanceller
/// @notice Cancels what waits in the timelock, but for the guardians' own replacement. The manual is its interface.
contract GuardianCanceller is IGuardianCanceller, AccessManaged {
    /// @inheritdoc IGuardianCanceller
    uint64 public constant GUARDIAN_ROLE = 2;

    /// @inheritdoc IGuardianCanceller
    TimelockController public immutable TIMELOCK;

    /// @dev The timelock's, kept because a guardian's call should not depend on its answer.
    bytes32 private immutable CANCELLER_ROLE;

    /// @param initialAuthority The access manager, which knows the guardians.
    /// @param timelock The timelock.
    constructor(address initialAuthority, TimelockController timelock) AccessManaged(initialAuthority) {
        TIMELOCK = timelock;
        CANCELLER_ROLE = timelock.CANCELLER_ROLE();
    }

    /* GUARDIAN */

    /// @inheritdoc IGuardianCanceller
    function cancel(
        address target,
        uint256 value,
        bytes calldata payload,
        bytes32 predecessor,
        bytes32 salt,
        string calldata reason
    ) external restricted {
        bytes32 id = TIMELOCK.hashOperation(target, value, payload, predecessor, salt);
        require(!isReplacement(target, payload), GuardianCanceller_OwnReplacement(id));
        _cancel(id, reason);
    }

    /// @inheritdoc IGuardianCanceller
    function cancelBatch(
        address[] calldata targets,
        uint256[] calldata values,
        bytes[] calldata payloads,
        bytes32 predecessor,
        bytes32 salt,
        string calldata reason
    ) external restricted {
        bytes32 id = TIMELOCK.hashOperationBatch(targets, values, payloads, predecessor, salt);
        // The timelock has scheduled only batches whose lists are equally long; an id of any other is not pending.
        bool replacement = targets.length != 0;
        for (uint256 i = 0; replacement && i < targets.length; ++i) {
            replacement = i < payloads.length && isReplacement(targets[i], payloads[i]);
        }
        require(!replacement, GuardianCanceller_OwnReplacement(id));
        _cancel(id, reason);
    }

    /* VIEWS */

    /// @inheritdoc IGuardianCanceller
    function isReplacement(address target, bytes calldata payload) public view returns (bool) {
        // A selector and the two words that both kinds begin with.
        if (payload.length < 68) return false;
        bytes4 selector = bytes4(payload[:4]);
        if (target == authority()) {
            bool changes =
                selector == IAccessManager.grantRole.selector || selector == IAccessManager.revokeRole.selector;
            return changes && uint256(bytes32(payload[4:36])) == GUARDIAN_ROLE;
        }
        return
            target == address(TIMELOCK) &&
            selector == IAccessControl.revokeRole.selector &&
            bytes32(payload[4:36]) == CANCELLER_ROLE &&
            uint256(bytes32(payload[36:68])) == uint256(uint160(address(this)));
    }

    /* INTERNAL */

    function _cancel(bytes32 id, string calldata reason) private {
        emit OperationCancelled(id, msg.sender, reason);
        TIMELOCK.cancel(id);
    }
}
