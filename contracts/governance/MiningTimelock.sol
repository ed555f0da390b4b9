// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";

import {IMiningTimelock} from "./interfaces/IMiningTimelock.sol";

/// @title MiningTimelock
/// @notice OpenZeppelin's timelock with bounds. The manual of what is added is its interface.
contract MiningTimelock is TimelockController, IMiningTimelock {
    /// @inheritdoc IMiningTimelock
    /// @dev Under a day nobody has time to react.
    uint256 public constant MIN_MIN_DELAY = 1 days;

    /// @inheritdoc IMiningTimelock
    /// @dev Longer, and governance could miss the 30 days in which it rules about a veto.
    uint256 public constant MAX_MIN_DELAY = 14 days;

    /// @inheritdoc IMiningTimelock
    bool public handedOver;

    /// @dev The operations that were scheduled after the hand-over.
    mapping(bytes32 id => bool scheduled) private _byHolders;

    /// @param minDelay How long every operation waits at least, in seconds.
    /// @param council Who schedules, cancels and executes until the hand-over.
    /// @param admin Who administers the roles until then: the deployer, who hands it on to {Handover}.
    constructor(
        uint256 minDelay,
        address council,
        address admin
    ) TimelockController(minDelay, _only(council), _only(council), admin) {
        _checkDelay(minDelay);
        // Back from the base contract's constructor: until the hand-over nothing that is executed here changes a role.
        _revokeRole(DEFAULT_ADMIN_ROLE, address(this));
    }

    /* THE HAND-OVER */

    /// @inheritdoc IMiningTimelock
    function handOver() external onlyRole(DEFAULT_ADMIN_ROLE) {
        require(!handedOver, MiningTimelock_AlreadyHandedOver());
        handedOver = true;
        _grantRole(DEFAULT_ADMIN_ROLE, address(this));
        emit HandedOver();
    }

    /* PROPOSERS */

    /// @inheritdoc TimelockController
    function schedule(
        address target,
        uint256 value,
        bytes calldata data,
        bytes32 predecessor,
        bytes32 salt,
        uint256 delay
    ) public override {
        super.schedule(target, value, data, predecessor, salt, delay);
        _noteScheduled(hashOperation(target, value, data, predecessor, salt));
    }

    /// @inheritdoc TimelockController
    function scheduleBatch(
        address[] calldata targets,
        uint256[] calldata values,
        bytes[] calldata payloads,
        bytes32 predecessor,
        bytes32 salt,
        uint256 delay
    ) public override {
        super.scheduleBatch(targets, values, payloads, predecessor, salt, delay);
        _noteScheduled(hashOperationBatch(targets, values, payloads, predecessor, salt));
    }

    /* GOVERNANCE */

    /// @inheritdoc TimelockController
    function updateDelay(uint256 newDelay) public override {
        // Whoever may not is told so first.
        super.updateDelay(newDelay);
        _checkDelay(newDelay);
    }

    /* VIEWS */

    /// @inheritdoc TimelockController
    /// @dev What is done stays done; what the council left undone is gone.
    function getTimestamp(bytes32 id) public view override returns (uint256 timestamp) {
        timestamp = super.getTimestamp(id);
        if (timestamp > DONE_TIMESTAMP && handedOver && !_byHolders[id]) return 0;
    }

    /* INTERNAL */

    function _noteScheduled(bytes32 id) private {
        if (handedOver) _byHolders[id] = true;
    }

    function _checkDelay(uint256 delay) private pure {
        require(
            delay >= MIN_MIN_DELAY && delay <= MAX_MIN_DELAY,
            MiningTimelock_DelayOutOfRange(delay, MIN_MIN_DELAY, MAX_MIN_DELAY)
        );
    }

    function _only(address account) private pure returns (address[] memory list) {
        list = new address[](1);
        list[0] = account;
    }
}
