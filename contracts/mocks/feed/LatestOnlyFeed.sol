// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAggregatorV3} from "../../reserve/interfaces/IAggregatorV3.sol";

/// @title LatestOnlyFeed
/// @notice A feed for tests that misbehaves: whatever round it is asked for, it answers with the newest.
contract LatestOnlyFeed is IAggregatorV3 {
    IAggregatorV3 private immutable FEED;

    constructor(IAggregatorV3 feed) {
        FEED = feed;
    }

    function decimals() external view returns (uint8) {
        return FEED.decimals();
    }

    function getRoundData(uint80) external view returns (uint80, int256, uint256, uint256, uint80) {
        return FEED.latestRoundData();
    }

    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        return FEED.latestRoundData();
    }
}
