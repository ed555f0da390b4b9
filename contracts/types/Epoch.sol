// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title Epoch
/// @notice The number of an epoch, counted from 0. A type of its own, so that an epoch can never be added to an amount.
type Epoch is uint32;

using {
    _equal as ==,
    _notEqual as !=,
    _less as <,
    _lessOrEqual as <=,
    _greater as >,
    _greaterOrEqual as >=,
    next,
    number
} for Epoch global;

/// @notice The epoch after `epoch`. Reverts (panic 0x11) after the last representable one.
function next(Epoch epoch) pure returns (Epoch) {
    return Epoch.wrap(Epoch.unwrap(epoch) + 1);
}

/// @notice The epoch's number as an integer, for events, errors and keys.
function number(Epoch epoch) pure returns (uint32) {
    return Epoch.unwrap(epoch);
}

function _equal(Epoch left, Epoch right) pure returns (bool) {
    return Epoch.unwrap(left) == Epoch.unwrap(right);
}

function _notEqual(Epoch left, Epoch right) pure returns (bool) {
    return Epoch.unwrap(left) != Epoch.unwrap(right);
}

function _less(Epoch left, Epoch right) pure returns (bool) {
    return Epoch.unwrap(left) < Epoch.unwrap(right);
}

function _lessOrEqual(Epoch left, Epoch right) pure returns (bool) {
    return Epoch.unwrap(left) <= Epoch.unwrap(right);
}

function _greater(Epoch left, Epoch right) pure returns (bool) {
    return Epoch.unwrap(left) > Epoch.unwrap(right);
}

function _greaterOrEqual(Epoch left, Epoch right) pure returns (bool) {
    return Epoch.unwrap(left) >= Epoch.unwrap(right);
}
