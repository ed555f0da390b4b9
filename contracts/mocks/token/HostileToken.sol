// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title HostileToken
/// @notice A token that misbehaves on demand: refuses receivers, says false, or calls back in the middle of a transfer.
contract HostileToken is ERC20 {
    error HostileToken_Refused(address to);

    mapping(address account => bool isRefused) public refused;
    bool public saysFalse;
    /// What came of the last call back.
    bool public calledBack;
    bytes public answer;
    address private _target;
    bytes private _data;

    constructor() ERC20("Hostile", "HOST") {}

    /// @notice Mints to anyone.
    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    /// @notice Refuses transfers to an account, or takes them again.
    function refuse(address account, bool newRefused) external {
        refused[account] = newRefused;
    }

    /// @notice Makes transfers do nothing and say false.
    function sayFalse(bool newSaysFalse) external {
        saysFalse = newSaysFalse;
    }

    /// @notice Makes each transfer call `target` first.
    function callBack(address target, bytes calldata data) external {
        _target = target;
        _data = data;
    }

    /// @inheritdoc ERC20
    function transfer(address to, uint256 amount) public override returns (bool) {
        if (!_misbehave(to)) return false;
        return super.transfer(to, amount);
    }

    /// @inheritdoc ERC20
    function transferFrom(address from, address to, uint256 amount) public override returns (bool) {
        if (!_misbehave(to)) return false;
        return super.transferFrom(from, to, amount);
    }

    /// @dev Returns whether the transfer goes on.
    function _misbehave(address to) private returns (bool) {
        require(!refused[to], HostileToken_Refused(to));
        if (_target != address(0)) (calledBack, answer) = _target.call(_data);
        return !saysFalse;
    }
}
