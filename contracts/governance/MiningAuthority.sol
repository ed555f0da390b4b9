// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

import {IMiningAuthority} from "./interfaces/IMiningAuthority.sol";

/// @title MiningAuthority
/// @notice OpenZeppelin's access manager, sealed after its set-up. The manual of what is added is its interface.
/// @dev Of its own functions only `grantRole`, `revokeRole`, `renounceRole` and `labelRole` change anything afterwards.
contract MiningAuthority is AccessManager, IMiningAuthority {
    /// @inheritdoc IMiningAuthority
    uint64 public constant GOVERNANCE_ROLE = 3;

    /// @inheritdoc IMiningAuthority
    bool public isSealed;

    modifier whileOpen() {
        _checkOpen();
        _;
    }

    /// @param initialAdmin Who sets it up: the deployer.
    constructor(address initialAdmin) AccessManager(initialAdmin) {}

    /* THE SET-UP */

    /// @inheritdoc IMiningAuthority
    function seal(address owner) external onlyAuthorized whileOpen {
        require(owner != address(0), MiningAuthority_OwnerZero());
        _revokeRole(ADMIN_ROLE, msg.sender);
        _grantRole(ADMIN_ROLE, owner, 0, 0);
        _grantRole(GOVERNANCE_ROLE, owner, 0, 0);
        isSealed = true;
        emit Sealed(owner);
    }

    /// @inheritdoc AccessManager
    function updateAuthority(address target, address newAuthority) public override whileOpen {
        super.updateAuthority(target, newAuthority);
    }

    /// @inheritdoc AccessManager
    /// @dev Closed with the table: a contract obeys whatever the manager itself calls, {IAccessManaged-setAuthority} too.
    function execute(address target, bytes calldata data) public payable override whileOpen returns (uint32) {
        return super.execute(target, data);
    }

    /* INTERNAL */

    function _grantRole(
        uint64 roleId,
        address account,
        uint32 grantDelay,
        uint32 executionDelay
    ) internal override returns (bool) {
        _checkRole(roleId, account);
        return super._grantRole(roleId, account, grantDelay, executionDelay);
    }

    function _revokeRole(uint64 roleId, address account) internal override returns (bool) {
        _checkRole(roleId, account);
        return super._revokeRole(roleId, account);
    }

    function _setRoleAdmin(uint64 roleId, uint64 admin) internal override whileOpen {
        super._setRoleAdmin(roleId, admin);
    }

    function _setRoleGuardian(uint64 roleId, uint64 guardian) internal override whileOpen {
        super._setRoleGuardian(roleId, guardian);
    }

    function _setGrantDelay(uint64 roleId, uint32 newDelay) internal override whileOpen {
        super._setGrantDelay(roleId, newDelay);
    }

    function _setTargetFunctionRole(address target, bytes4 selector, uint64 roleId) internal override whileOpen {
        super._setTargetFunctionRole(target, selector, roleId);
    }

    function _setTargetAdminDelay(address target, uint32 newDelay) internal override whileOpen {
        super._setTargetAdminDelay(target, newDelay);
    }

    function _setTargetClosed(address target, bool closed) internal override whileOpen {
        super._setTargetClosed(target, closed);
    }

    function _checkOpen() private view {
        require(!isSealed, MiningAuthority_Sealed());
    }

    function _checkRole(uint64 roleId, address account) private view {
        bool fixedRole = roleId == ADMIN_ROLE || roleId == GOVERNANCE_ROLE;
        require(!isSealed || !fixedRole, MiningAuthority_RoleFixed(roleId, account));
    }
}
