// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IVm} from "./IVm.sol";

/// @title Base
/// @notice What every Solidity test starts from: cheat codes, assertions that say what they prove, targets of invariants.
/// @dev Every assertion takes a text: the invariant's id with its hyphen where there is one (`VEST-1 never falls in time`).
abstract contract Base {
    /// @dev The functions of one contract that the invariant runner may call.
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    IVm internal constant vm = IVm(address(uint160(uint256(keccak256("hevm cheat code")))));

    address[] private _targets;
    FuzzSelector[] private _targetSelectors;
    address[] private _excluded;

    /* INVARIANTS: WHAT THE RUNNER MAY CALL */

    /// @notice Asked by the runner.
    function targetContracts() public view returns (address[] memory) {
        return _targets;
    }

    /// @notice Asked by the runner.
    function targetSelectors() public view returns (FuzzSelector[] memory) {
        return _targetSelectors;
    }

    /// @notice Asked by the runner.
    function excludeContracts() public view returns (address[] memory) {
        return _excluded;
    }

    /// @dev Lets the runner call every function of `handler`.
    function targetContract(address handler) internal {
        _targets.push(handler);
    }

    /// @dev Lets the runner call the named functions of `handler` only.
    function targetSelector(address handler, bytes4[] memory selectors) internal {
        _targets.push(handler);
        _targetSelectors.push(FuzzSelector(handler, selectors));
    }

    /// @dev Keeps the runner from calling `target`.
    function excludeContract(address target) internal {
        _excluded.push(target);
    }

    /* WHAT IS TESTED */

    /// @dev Deploys a contract of the protocol from its artifact, as `new` would: from here, and with the constructor's own refusal.
    /// By `new` the compiler translates and assembles all of it once more inside of everything that names it, which took minutes.
    /// What stands in other files of the tests is created by `new`: a run of one file does not compile it first.
    /// @param name The contract; its file has the same name.
    /// @param arguments The constructor's, encoded: the compiler does not compare them.
    function deployed(string memory name, bytes memory arguments) internal returns (address created) {
        bytes memory code = bytes.concat(vm.getCode(string.concat(name, ".sol:", name)), arguments);
        assembly ("memory-safe") {
            created := create(0, add(code, 0x20), mload(code))
            if iszero(created) {
                returndatacopy(0, 0, returndatasize())
                revert(0, returndatasize())
            }
        }
    }

    /* INPUT */

    /// @dev Any number made to fit [low, high]; the edges come up often.
    function bound(uint256 value, uint256 low, uint256 high) internal pure returns (uint256) {
        if (value >= low && value <= high) return value;
        uint256 size = high - low;
        if (size == type(uint256).max) return value;
        if (value <= 3) return low + (value > size ? size : value);
        if (value >= type(uint256).max - 3) {
            uint256 back = type(uint256).max - value;
            return high - (back > size ? size : back);
        }
        return low + (value % (size + 1));
    }

    /// @dev An account with a name, so that traces can be read.
    function makeAddress(string memory name) internal returns (address account) {
        account = address(uint160(uint256(keccak256(bytes(name)))));
        vm.label(account, name);
    }

    /// @dev A file of shared vectors, also read by the TypeScript tests.
    function readVectors(string memory name) internal view returns (string memory) {
        return vm.readFile(string.concat(vm.projectRoot(), "/test/vectors/", name, ".json"));
    }

    /* ASSERTIONS */

    function assertTrue(bool condition, string memory text) internal pure {
        if (!condition) vm.assertTrue(condition, text);
    }

    function assertFalse(bool condition, string memory text) internal pure {
        if (condition) vm.assertFalse(condition, text);
    }

    function assertEq(uint256 left, uint256 right, string memory text) internal pure {
        if (left != right) vm.assertEq(left, right, text);
    }

    function assertEq(int256 left, int256 right, string memory text) internal pure {
        if (left != right) vm.assertEq(left, right, text);
    }

    function assertEq(address left, address right, string memory text) internal pure {
        if (left != right) vm.assertEq(left, right, text);
    }

    function assertEq(bytes32 left, bytes32 right, string memory text) internal pure {
        if (left != right) vm.assertEq(left, right, text);
    }

    function assertEq(bool left, bool right, string memory text) internal pure {
        if (left != right) vm.assertEq(left, right, text);
    }

    function assertEq(bytes memory left, bytes memory right, string memory text) internal pure {
        vm.assertEq(left, right, text);
    }

    function assertEq(string memory left, string memory right, string memory text) internal pure {
        vm.assertEq(left, right, text);
    }

    function assertEq(uint256[] memory left, uint256[] memory right, string memory text) internal pure {
        vm.assertEq(left, right, text);
    }

    function assertNotEq(uint256 left, uint256 right, string memory text) internal pure {
        if (left == right) vm.assertNotEq(left, right, text);
    }

    function assertNotEq(bytes32 left, bytes32 right, string memory text) internal pure {
        if (left == right) vm.assertNotEq(left, right, text);
    }

    function assertLe(uint256 left, uint256 right, string memory text) internal pure {
        if (left > right) vm.assertLe(left, right, text);
    }

    function assertLe(int256 left, int256 right, string memory text) internal pure {
        if (left > right) vm.assertLe(left, right, text);
    }

    function assertGe(uint256 left, uint256 right, string memory text) internal pure {
        if (left < right) vm.assertGe(left, right, text);
    }

    function assertGe(int256 left, int256 right, string memory text) internal pure {
        if (left < right) vm.assertGe(left, right, text);
    }

    function assertLt(uint256 left, uint256 right, string memory text) internal pure {
        if (left >= right) vm.assertLt(left, right, text);
    }

    function assertGt(uint256 left, uint256 right, string memory text) internal pure {
        if (left <= right) vm.assertGt(left, right, text);
    }
}
