// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title A price feed of the widespread AggregatorV3 shape
/// @notice Declared here, because only three of its functions are needed and no package has to be trusted for that.
/// @dev A round's id is `phase << 64 | number`: behind the feed stands one aggregator after another, each with a phase of its
/// own and rounds that are numbered without gaps.
interface IAggregatorV3 {
    /// @notice How many decimals the answers have.
    function decimals() external view returns (uint8);

    /// @notice One round.
    /// @return id The round's id, the one that was asked for.
    /// @return answer The price.
    /// @return startedAt When the round was opened.
    /// @return updatedAt When the answer was given; 0 if it was not.
    /// @return answeredInRound The round in which the answer was found; less than `id` if it was only carried over.
    function getRoundData(
        uint80 roundId
    ) external view returns (uint80 id, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound);

    /// @notice The newest round; what is returned is explained at {getRoundData}.
    function latestRoundData()
        external
        view
        returns (uint80 id, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound);
}
