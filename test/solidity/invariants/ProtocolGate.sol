// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ProtocolHandler} from "./ProtocolHandler.sol";

/// @title ProtocolGate
/// @notice What the invariant runner calls. It counts every call and every success of the handler's actions, which a handler
/// cannot do itself: what reverts takes its own count back.
contract ProtocolGate {
    ProtocolHandler public handler = new ProtocolHandler();
    mapping(bytes4 action => uint256) public calls;
    mapping(bytes4 action => uint256) public successes;

    function advance(uint256 seed) external {
        _run(ProtocolHandler.advance.selector, seed);
    }

    function settleEpoch(uint256 seed) external {
        _run(ProtocolHandler.settleEpoch.selector, seed);
    }

    function fallBehind(uint256 seed) external {
        _run(ProtocolHandler.fallBehind.selector, seed);
    }

    function claim(uint256 seed) external {
        _run(ProtocolHandler.claim.selector, seed);
    }

    function claimMany(uint256 seed) external {
        _run(ProtocolHandler.claimMany.selector, seed);
    }

    function claimFoundation(uint256 seed) external {
        _run(ProtocolHandler.claimFoundation.selector, seed);
    }

    function govern(uint256 seed) external {
        _run(ProtocolHandler.govern.selector, seed);
    }

    function interfere(uint256 seed) external {
        _run(ProtocolHandler.interfere.selector, seed);
    }

    function disturb(uint256 seed) external {
        _run(ProtocolHandler.disturb.selector, seed);
    }

    function attack(uint256 seed) external {
        _run(ProtocolHandler.attack.selector, seed);
    }

    function _run(bytes4 action, uint256 seed) private {
        ++calls[action];
        // A seed that is only small numbers would draw the same choices everywhere.
        (bool success, ) = address(handler).call(abi.encodeWithSelector(action, uint256(keccak256(abi.encode(seed)))));
        if (success) ++successes[action];
    }
}
