// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAggregatorV3} from "./IAggregatorV3.sol";
import {IPriceSource} from "./IPriceSource.sol";

/// @title AggregatorV3PriceSource: an epoch's price from a public feed
/// @notice Gives the feed's last round before the epoch's end, if it was fresh at that end. Rounds of later times play no
/// part, so the answer is the same whenever it is asked for.
/// @dev The feed's operators may put a new aggregator (phase) behind the feed at any time, and nothing on chain says when they
/// did. If the present phase counted, the answer could change between the epoch's end and its close. So a phase counts
/// for an epoch only if anyone has shown it to this contract **before** that epoch's end ({observePhase}). Until then
/// the phase before is used, and when that one is stale the epoch goes without a price.
interface IAggregatorV3PriceSource is IPriceSource {
    /// @notice A new phase of the feed was seen; it counts for every epoch that ends later than now.
    event PhaseObserved(uint16 indexed oldPhase, uint16 indexed newPhase, uint80 round);

    /// @notice A feed with more decimals than can be converted.
    error AggregatorV3PriceSource_DecimalsTooHigh(uint8 decimals, uint8 maximum);

    /// @notice An age of 0 would refuse every round.
    error AggregatorV3PriceSource_MaxAgeZero();

    /// @notice The feed shows no newer phase than the one already seen.
    error AggregatorV3PriceSource_PhaseKnown(uint16 phase);

    /// @notice The feed's newest round is not complete, or claims to come from the future.
    error AggregatorV3PriceSource_RoundUnusable(uint80 round, uint256 updatedAt, uint256 present);

    /// @notice The feed does not tell its earlier rounds, so what it says about an epoch would depend on when it is asked.
    error AggregatorV3PriceSource_NoHistory(uint80 round);

    /// @notice Too little gas is left to ask the feed for a round.
    error AggregatorV3PriceSource_GasTooLow(uint256 left, uint256 needed);

    /// @notice Takes note that a new aggregator stands behind the feed. Anyone may do it; keepers should, when it happens.
    ///
    /// Emits {PhaseObserved}.
    ///
    /// Requirements:
    /// - the phase of the feed's newest round is later than the one already seen;
    /// - that round is complete and not from the future;
    /// - the feed also tells the round before it, if the phase has one.
    function observePhase() external;

    /// @notice The last round before a moment in the phase that was known then; 0 if none was.
    /// @param end The moment, unix seconds.
    function roundBefore(uint40 end) external view returns (uint80 round);

    /// @notice The newest phase that was seen.
    function phase() external view returns (uint16);

    /// @notice The feed.
    function FEED() external view returns (IAggregatorV3);

    /// @notice How old the last round may be at an epoch's end, in seconds; a round of exactly that age still counts.
    function MAX_AGE() external view returns (uint40);

    /// @notice The gas with which the feed is asked for one round.
    function ROUND_GAS() external view returns (uint256);
}
