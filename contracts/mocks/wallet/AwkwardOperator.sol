// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title AwkwardOperator
/// @notice A contract that passes calls on, and refuses the native coin or calls back when it is paid.
contract AwkwardOperator {
    error AwkwardOperator_Refused(uint256 amount);

    bool public refuses;
    /// What came of the last call back.
    bool public calledBack;
    address private _target;
    bytes private _data;

    /// @notice Says whether the next payments are refused.
    function refuse(bool newRefuses) external {
        refuses = newRefuses;
    }

    /// @notice Makes the contract call `target` whenever it is paid. What comes of that call is ignored.
    function callBack(address target, bytes calldata data) external {
        _target = target;
        _data = data;
    }

    /// @notice Calls `target` in the contract's name, with the coin sent along.
    function forward(address target, bytes calldata data) external payable {
        (bool done, bytes memory answer) = target.call{value: msg.value}(data);
        if (done) return;
        assembly ("memory-safe") {
            revert(add(answer, 0x20), mload(answer))
        }
    }

    receive() external payable {
        _take(msg.value);
    }

    function _take(uint256 amount) private {
        require(!refuses, AwkwardOperator_Refused(amount));
        // A failed attempt does not spoil the payment.
        if (_target != address(0)) (calledBack, ) = _target.call(_data);
    }
}
