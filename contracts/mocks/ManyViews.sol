// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title ManyViews
/// @notice What many contracts answer at one moment, for tests that compare everything before a call with everything after it.
contract ManyViews {
    /// @notice A question to a contract: the call's bytes.
    struct Question {
        address target;
        bytes data;
    }

    /// @notice The answers in the order of the questions. One that reverted is its error's bytes, after a byte of its own.
    function read(Question[] calldata questions) external view returns (bytes[] memory answers) {
        answers = new bytes[](questions.length);
        for (uint256 i = 0; i < questions.length; ++i) {
            (bool success, bytes memory answer) = questions[i].target.staticcall(questions[i].data);
            answers[i] = success ? answer : bytes.concat(hex"ff", answer);
        }
    }
}
