// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title TaskId
/// @notice The number of a task. A retired number never comes back, so a figure in an old report keeps its meaning.
type TaskId is uint16;

using {_equal as ==, _notEqual as !=, _less as <, _lessOrEqual as <=, number} for TaskId global;

/// @notice The task's number as an integer, for events, errors and keys.
function number(TaskId task) pure returns (uint16) {
    return TaskId.unwrap(task);
}

function _equal(TaskId left, TaskId right) pure returns (bool) {
    return TaskId.unwrap(left) == TaskId.unwrap(right);
}

function _notEqual(TaskId left, TaskId right) pure returns (bool) {
    return TaskId.unwrap(left) != TaskId.unwrap(right);
}

function _less(TaskId left, TaskId right) pure returns (bool) {
    return TaskId.unwrap(left) < TaskId.unwrap(right);
}

function _lessOrEqual(TaskId left, TaskId right) pure returns (bool) {
    return TaskId.unwrap(left) <= TaskId.unwrap(right);
}
