// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title IVm
/// @notice The cheat codes that the tests use; the runner answers them at a fixed address.
interface IVm {
    struct Log {
        bytes32[] topics;
        bytes data;
        address emitter;
    }

    /* THE CHAIN */

    function warp(uint256 newTimestamp) external;
    function roll(uint256 newHeight) external;
    function deal(address account, uint256 newBalance) external;
    function etch(address target, bytes calldata code) external;
    function store(address target, bytes32 slot, bytes32 value) external;
    function load(address target, bytes32 slot) external view returns (bytes32);
    function snapshotState() external returns (uint256 id);
    function revertToState(uint256 id) external returns (bool success);
    function getCode(string calldata artifactPath) external view returns (bytes memory creationCode);

    /* CALLERS */

    function prank(address sender) external;
    function startPrank(address sender) external;
    function stopPrank() external;
    function label(address account, string calldata name) external;
    function addr(uint256 privateKey) external pure returns (address);
    function sign(uint256 privateKey, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);

    /* EXPECTATIONS */

    function expectRevert() external;
    function expectRevert(bytes4 selector) external;
    function expectRevert(bytes calldata data) external;
    function expectPartialRevert(bytes4 selector) external;
    function expectEmit(bool topic1, bool topic2, bool topic3, bool data, address emitter) external;
    function expectCall(address callee, bytes calldata data) external;
    function assume(bool condition) external pure;
    function recordLogs() external;
    function getRecordedLogs() external returns (Log[] memory);

    /* FILES */

    function projectRoot() external view returns (string memory);
    function readFile(string calldata path) external view returns (string memory);
    function parseJsonUint(string calldata json, string calldata key) external pure returns (uint256);
    function parseJsonUintArray(string calldata json, string calldata key) external pure returns (uint256[] memory);
    function parseJsonInt(string calldata json, string calldata key) external pure returns (int256);
    function parseJsonIntArray(string calldata json, string calldata key) external pure returns (int256[] memory);
    function parseJsonBoolArray(string calldata json, string calldata key) external pure returns (bool[] memory);
    function parseJsonString(string calldata json, string calldata key) external pure returns (string memory);
    function parseJsonStringArray(string calldata json, string calldata key) external pure returns (string[] memory);
    function parseJsonAddressArray(string calldata json, string calldata key) external pure returns (address[] memory);
    function parseJsonBytes32(string calldata json, string calldata key) external pure returns (bytes32);
    function parseJsonBytes32Array(string calldata json, string calldata key) external pure returns (bytes32[] memory);
    function parseJsonBytes(string calldata json, string calldata key) external pure returns (bytes memory);
    function parseJsonBytesArray(string calldata json, string calldata key) external pure returns (bytes[] memory);
    function toString(uint256 value) external pure returns (string memory);
    function toString(address value) external pure returns (string memory);

    /* ASSERTIONS */

    function assertTrue(bool condition, string calldata text) external pure;
    function assertFalse(bool condition, string calldata text) external pure;
    function assertEq(uint256 left, uint256 right, string calldata text) external pure;
    function assertEq(int256 left, int256 right, string calldata text) external pure;
    function assertEq(address left, address right, string calldata text) external pure;
    function assertEq(bytes32 left, bytes32 right, string calldata text) external pure;
    function assertEq(bool left, bool right, string calldata text) external pure;
    function assertEq(bytes calldata left, bytes calldata right, string calldata text) external pure;
    function assertEq(string calldata left, string calldata right, string calldata text) external pure;
    function assertEq(uint256[] calldata left, uint256[] calldata right, string calldata text) external pure;
    function assertNotEq(uint256 left, uint256 right, string calldata text) external pure;
    function assertNotEq(bytes32 left, bytes32 right, string calldata text) external pure;
    function assertLe(uint256 left, uint256 right, string calldata text) external pure;
    function assertLe(int256 left, int256 right, string calldata text) external pure;
    function assertGe(uint256 left, uint256 right, string calldata text) external pure;
    function assertGe(int256 left, int256 right, string calldata text) external pure;
    function assertLt(uint256 left, uint256 right, string calldata text) external pure;
    function assertGt(uint256 left, uint256 right, string calldata text) external pure;
}
