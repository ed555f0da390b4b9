// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAggregatorV3} from "../../reserve/interfaces/IAggregatorV3.sol";

/// @title FeedProxy
/// @notice A feed for tests, shaped like those in use: it passes questions on to the aggregator of the phase.
contract FeedProxy is IAggregatorV3 {
    uint8 private immutable DECIMALS;
    uint16 public phaseId;
    mapping(uint16 phase => IAggregatorV3 aggregator) public phaseAggregators;

    constructor(uint8 newDecimals) {
        DECIMALS = newDecimals;
    }

    /// @notice Puts another aggregator behind the feed.
    function addPhase(IAggregatorV3 aggregator) external {
        phaseAggregators[++phaseId] = aggregator;
    }

    function decimals() external view returns (uint8) {
        return DECIMALS;
    }

    function getRoundData(uint80 roundId) external view returns (uint80, int256, uint256, uint256, uint80) {
        uint16 phase = uint16(roundId >> 64);
        (, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound) = phaseAggregators[phase]
            .getRoundData(uint64(roundId));
        return (roundId, answer, startedAt, updatedAt, _withPhase(phase, answeredInRound));
    }

    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        uint16 phase = phaseId;
        (uint80 id, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound) = phaseAggregators[
            phase
        ].latestRoundData();
        return (_withPhase(phase, id), answer, startedAt, updatedAt, _withPhase(phase, answeredInRound));
    }

    function _withPhase(uint16 phase, uint80 number) private pure returns (uint80) {
        return (uint80(phase) << 64) | number;
    }
}
