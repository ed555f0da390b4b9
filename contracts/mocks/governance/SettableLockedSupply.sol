// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";

import {ILockedSupply} from "../../token/interfaces/ILockedSupply.sol";

/// @title SettableLockedSupply
/// @notice Says that so much is locked as it was told, from then on.
contract SettableLockedSupply is ILockedSupply {
    using Checkpoints for Checkpoints.Trace208;

    Checkpoints.Trace208 private _locked;

    /// @notice Locks so much from now on.
    function set(uint208 amount) external {
        (uint208 oldLocked, uint208 newLocked) = _locked.push(uint48(block.timestamp), amount);
        emit LockedSupplyRecorded(oldLocked, newLocked);
    }

    /// @inheritdoc ILockedSupply
    function lockedAt(uint48 time) external view returns (uint256) {
        require(time < block.timestamp, LockedSupply_NotPast(time, block.timestamp));
        return _locked.upperLookupRecent(time);
    }
}
