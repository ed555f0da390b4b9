// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";

import {IAggregatorV3} from "./interfaces/IAggregatorV3.sol";
import {IAggregatorV3PriceSource} from "./interfaces/IAggregatorV3PriceSource.sol";
import {IPriceSource} from "./interfaces/IPriceSource.sol";

/// @title AggregatorV3PriceSource
/// @notice The adapter from an AggregatorV3-shaped feed to a price source. The manual is its interface.
/// @dev The search: a phase's rounds are numbered without gaps and their times never fall, so "exists and is from before the
/// end" is true up to some round and false from there on. Steps of doubling length from the first round seen bracket the
/// border, halving finds it: about 2 * log2(rounds) questions. A round that was written after the end answers exactly
/// like one that doesn't exist, so even the questions are the same at every moment.
contract AggregatorV3PriceSource is IAggregatorV3PriceSource {
    using Checkpoints for Checkpoints.Trace160;

    /// @dev 10^36 still converts without overflow; feeds have 8 or 18.
    uint8 private constant MAX_DECIMALS = 36;

    /// @dev A wad has this many.
    uint8 private constant WAD_DECIMALS = 18;

    /// @inheritdoc IAggregatorV3PriceSource
    /// @dev Five times what real feeds need for a round that was never read in this transaction.
    uint256 public constant ROUND_GAS = 75_000;

    /// @inheritdoc IAggregatorV3PriceSource
    IAggregatorV3 public immutable FEED;

    /// @inheritdoc IAggregatorV3PriceSource
    uint40 public immutable MAX_AGE;

    /// @dev An answer times MULTIPLIER divided by DIVISOR is a wad.
    uint256 private immutable MULTIPLIER;
    uint256 private immutable DIVISOR;

    /// @dev By the time it was seen: the first round seen of each phase, whose upper bits are the phase.
    Checkpoints.Trace160 private _firstSeen;

    /// @param feed The feed.
    /// @param maxAge How old the last round may be at an epoch's end, in seconds.
    constructor(IAggregatorV3 feed, uint40 maxAge) {
        require(maxAge != 0, AggregatorV3PriceSource_MaxAgeZero());
        uint8 decimals = feed.decimals();
        require(decimals <= MAX_DECIMALS, AggregatorV3PriceSource_DecimalsTooHigh(decimals, MAX_DECIMALS));

        FEED = feed;
        MAX_AGE = maxAge;
        MULTIPLIER = decimals < WAD_DECIMALS ? 10 ** (WAD_DECIMALS - decimals) : 1;
        DIVISOR = decimals > WAD_DECIMALS ? 10 ** (decimals - WAD_DECIMALS) : 1;
        _observe(0);
    }

    /* ------------------------------------------------------------------------------------------------------------ */
    /* ANYONE                                                                                                       */
    /* ------------------------------------------------------------------------------------------------------------ */

    /// @inheritdoc IAggregatorV3PriceSource
    function observePhase() external {
        _observe(phase());
    }

    /* ------------------------------------------------------------------------------------------------------------ */
    /* VIEWS                                                                                                        */
    /* ------------------------------------------------------------------------------------------------------------ */

    /// @inheritdoc IPriceSource
    function priceOver(uint40, uint40 end) external view returns (uint256 priceWad) {
        uint80 round = roundBefore(end);
        if (round == 0) return 0;

        (uint80 id, int256 answer, , uint256 updatedAt, uint80 answeredInRound) = FEED.getRoundData(round);
        bool complete = id == round && answeredInRound >= round && updatedAt != 0 && updatedAt < end;
        if (!complete || end - updatedAt > MAX_AGE) return 0;
        // Above 128 bits the product could overflow, and no price is that high.
        if (answer <= 0 || uint256(answer) > type(uint128).max) return 0;

        // Rounded down, for feeds finer than a wad.
        return (uint256(answer) * MULTIPLIER) / DIVISOR;
    }

    /// @inheritdoc IAggregatorV3PriceSource
    function roundBefore(uint40 end) public view returns (uint80 round) {
        // Strictly before: in the very block of the end, a phase could be shown before or after the epoch is closed.
        if (end == 0) return 0;
        uint256 low = _firstSeen.upperLookupRecent(end - 1);
        if (low == 0) return 0;

        // `low` is from before the end, `high` is not, or is beyond the phase.
        uint256 high = (low | type(uint64).max) + 1;
        for (uint256 step = 1; step < high - low; step *= 2) {
            if (_isBefore(low + step, end)) {
                low += step;
            } else {
                high = low + step;
                break;
            }
        }
        while (high - low > 1) {
            uint256 middle = (low + high) / 2;
            if (_isBefore(middle, end)) low = middle;
            else high = middle;
        }
        // Fits: it lies in the phase of a round of 80 bits.
        return uint80(low);
    }

    /// @inheritdoc IAggregatorV3PriceSource
    function phase() public view returns (uint16) {
        return _phaseOf(uint80(_firstSeen.latest()));
    }

    /* ------------------------------------------------------------------------------------------------------------ */
    /* INTERNAL                                                                                                     */
    /* ------------------------------------------------------------------------------------------------------------ */

    /// @dev Notes the feed's present phase; the first time any will do.
    function _observe(uint16 known) private {
        (uint80 round, , , uint256 updatedAt, ) = FEED.latestRoundData();
        uint16 seen = _phaseOf(round);
        require(seen > known || _firstSeen.length() == 0, AggregatorV3PriceSource_PhaseKnown(seen));
        require(
            round != 0 && updatedAt != 0 && updatedAt <= block.timestamp,
            AggregatorV3PriceSource_RoundUnusable(round, updatedAt, block.timestamp)
        );
        uint80 earlier = uint64(round) > 1 ? round - 1 : round;
        (uint80 id, , , uint256 earlierAt, ) = FEED.getRoundData(earlier);
        require(id == earlier && earlierAt != 0, AggregatorV3PriceSource_NoHistory(earlier));

        _firstSeen.push(uint96(block.timestamp), round);
        emit PhaseObserved(known, seen, round);
    }

    /// @dev Whether a round exists and was answered before `end`. A feed that reverts for unknown rounds says no, too.
    function _isBefore(uint256 round, uint40 end) private view returns (bool) {
        // Shown to be there, for otherwise a round could seem to be missing for want of gas. The EVM keeps back a 64th.
        uint256 left = gasleft();
        uint256 needed = ROUND_GAS + ROUND_GAS / 63 + 5000;
        require(left >= needed, AggregatorV3PriceSource_GasTooLow(left, needed));

        // Fits: `round` lies in the phase of a round of 80 bits.
        try FEED.getRoundData{gas: ROUND_GAS}(uint80(round)) returns (
            uint80 id,
            int256,
            uint256,
            uint256 updatedAt,
            uint80
        ) {
            return id == round && updatedAt != 0 && updatedAt < end;
        } catch {
            return false;
        }
    }

    function _phaseOf(uint80 round) private pure returns (uint16) {
        // The upper 16 of 80 bits.
        return uint16(round >> 64);
    }
}
