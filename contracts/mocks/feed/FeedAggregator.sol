// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAggregatorV3} from "../../reserve/interfaces/IAggregatorV3.sol";

/// @title FeedAggregator
/// @notice An aggregator for tests: rounds are added one by one, or a long regular history is pretended. It can be told to
/// revert for rounds that do not exist (as older aggregators do) instead of answering zeros (as newer ones do).
contract FeedAggregator is IAggregatorV3 {
    struct Round {
        int256 answer;
        uint256 updatedAt;
        uint80 answeredInRound;
    }

    /// @notice Whether asking for an unknown round reverts.
    bool public immutable REVERTS;

    mapping(uint80 id => Round round) private _rounds;
    uint80 private _last;
    uint256 private _firstTime;
    uint256 private _interval;

    /// @notice There is no such round.
    error FeedAggregator_NoData(uint80 id);

    constructor(bool reverts) {
        REVERTS = reverts;
    }

    /// @notice Adds the next round, complete.
    function push(int256 answer, uint256 updatedAt) external {
        ++_last;
        _rounds[_last] = Round(answer, updatedAt, _last);
    }

    /// @notice Adds or replaces any round, however odd.
    function put(uint80 id, int256 answer, uint256 updatedAt, uint80 answeredInRound) external {
        if (id > _last) _last = id;
        _rounds[id] = Round(answer, updatedAt, answeredInRound);
    }

    /// @notice Pretends `count` rounds, the first at `firstTime`, one every `interval` seconds, round n answering n * 1e8.
    function pretend(uint80 count, uint256 firstTime, uint256 interval) external {
        (_last, _firstTime, _interval) = (count, firstTime, interval);
    }

    function decimals() external pure returns (uint8) {
        return 8;
    }

    function getRoundData(uint80 id) public view returns (uint80, int256, uint256, uint256, uint80) {
        // Read first, so that a pretended round costs as much as a real one.
        Round memory round = _rounds[id];
        if (id == 0 || id > _last) {
            require(!REVERTS, FeedAggregator_NoData(id));
            return (id, 0, 0, 0, 0);
        }
        if (round.updatedAt == 0 && _interval != 0) {
            round = Round(int256(uint256(id)) * 1e8, _firstTime + (id - 1) * _interval, id);
        }
        return (id, round.answer, round.updatedAt, round.updatedAt, round.answeredInRound);
    }

    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        return getRoundData(_last);
    }
}
