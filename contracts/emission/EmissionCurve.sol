// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {SSTORE2} from "solady/src/utils/SSTORE2.sol";

import {EpochClock} from "../libraries/EpochClock.sol";
import {Epoch} from "../types/Epoch.sol";
import {IEmissionCurve} from "./interfaces/IEmissionCurve.sol";

/// @title EmissionCurve
/// @notice The published emission as a table in code, and the clock of the protocol. The manual is its interface.
/// @dev The table is kept as the code of a contract of its own, one word a row: end in the upper half, cumulative amount in
/// the lower. Reading a row costs a tenth of reading storage, and code can't change.
contract EmissionCurve is IEmissionCurve {
    /// @dev Half a day: a challenge window has at least 6 hours and at most half an epoch.
    uint40 private constant MIN_EPOCH_LENGTH = 12 hours;

    /// @dev A leap year.
    uint40 private constant MAX_EPOCH_LENGTH = 366 days;

    /// @dev As many rows of 64 bytes as fit a deployment (49,152 bytes) beside the code: 58 years of months.
    uint256 private constant MAX_PERIODS = 700;

    /// @inheritdoc IEmissionCurve
    uint40 public immutable START;

    /// @inheritdoc IEmissionCurve
    uint40 public immutable EPOCH_LENGTH;

    /// @inheritdoc IEmissionCurve
    uint40 public immutable END;

    /// @inheritdoc IEmissionCurve
    uint128 public immutable TOTAL;

    /// @dev The number of rows.
    uint256 private immutable COUNT;

    /// @dev The contract whose code is the table.
    address private immutable TABLE;

    /// @param start The first second of epoch 0 and of the first period.
    /// @param epochLength The length of every epoch, in seconds.
    /// @param table The periods, by rising end.
    constructor(uint40 start, uint40 epochLength, Period[] memory table) {
        require(
            epochLength >= MIN_EPOCH_LENGTH && epochLength <= MAX_EPOCH_LENGTH,
            EmissionCurve_EpochLengthOutOfRange(epochLength, MIN_EPOCH_LENGTH, MAX_EPOCH_LENGTH)
        );
        uint256 count = table.length;
        require(count != 0 && count <= MAX_PERIODS, EmissionCurve_PeriodCountOutOfRange(count, MAX_PERIODS));

        uint256[] memory rows = new uint256[](count);
        uint40 end = start;
        uint128 cumulative = 0;
        for (uint256 i = 0; i < count; ++i) {
            Period memory period = table[i];
            require(period.end > end, EmissionCurve_PeriodNotAfter(i, period.end, end));
            require(period.cumulative >= cumulative, EmissionCurve_CumulativeFalls(i, period.cumulative, cumulative));
            (end, cumulative) = (period.end, period.cumulative);
            rows[i] = (uint256(end) << 128) | cumulative;
        }
        require(cumulative != 0, EmissionCurve_TotalZero());

        START = start;
        EPOCH_LENGTH = epochLength;
        END = end;
        TOTAL = cumulative;
        COUNT = count;
        emit CurveFixed(start, epochLength, count, end, cumulative);

        TABLE = SSTORE2.write(abi.encodePacked(rows));
    }

    /* ------------------------------------------------------------------------------------------------------------ */
    /* VIEWS                                                                                                        */
    /* ------------------------------------------------------------------------------------------------------------ */

    /// @inheritdoc IEmissionCurve
    function emittedBy(uint256 time) public view returns (uint128 amount) {
        if (time <= START) return 0;
        if (time >= END) return TOTAL;

        // The first row that ends after `time`; there is one, because `time` is before the last row's end.
        uint256 low = 0;
        uint256 high = COUNT - 1;
        while (low < high) {
            uint256 middle = (low + high) / 2;
            if (_row(middle).end > time) high = middle;
            else low = middle + 1;
        }

        Period memory period = _row(low);
        Period memory previous = low == 0 ? Period({end: START, cumulative: 0}) : _row(low - 1);
        // Rounded down: a wei is emitted when it is complete. Below the row's cumulative amount, so it fits 128 bits.
        uint256 part =
            (uint256(period.cumulative - previous.cumulative) * (time - previous.end)) / (period.end - previous.end);
        return previous.cumulative + uint128(part);
    }

    /// @inheritdoc IEmissionCurve
    function budgetOf(Epoch epoch) external view returns (uint128 amount) {
        // Not `startOf`, which reverts for epochs whose time doesn't fit 40 bits: their budget is simply 0.
        uint256 start = START + uint256(epoch.number()) * EPOCH_LENGTH;
        return emittedBy(start + EPOCH_LENGTH) - emittedBy(start);
    }

    /// @inheritdoc IEmissionCurve
    function startOf(Epoch epoch) external view returns (uint40 time) {
        return EpochClock.startOf(START, EPOCH_LENGTH, epoch);
    }

    /// @inheritdoc IEmissionCurve
    function endOf(Epoch epoch) external view returns (uint40 time) {
        return EpochClock.endOf(START, EPOCH_LENGTH, epoch);
    }

    /// @inheritdoc IEmissionCurve
    function epochAt(uint256 time) external view returns (Epoch epoch) {
        return EpochClock.epochAt(START, EPOCH_LENGTH, time);
    }

    /// @inheritdoc IEmissionCurve
    function periods() external view returns (Period[] memory table) {
        table = new Period[](COUNT);
        for (uint256 i = 0; i < table.length; ++i) table[i] = _row(i);
    }

    /* ------------------------------------------------------------------------------------------------------------ */
    /* INTERNAL                                                                                                     */
    /* ------------------------------------------------------------------------------------------------------------ */

    /// @dev One row of the table.
    function _row(uint256 position) private view returns (Period memory) {
        uint256 word = uint256(bytes32(SSTORE2.read(TABLE, position * 32, position * 32 + 32)));
        // The constructor put nothing but an end above 128 bits and an amount below.
        return Period({end: uint40(word >> 128), cumulative: uint128(word)});
    }
}
