// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";

import {IMedianPriceSource} from "./interfaces/IMedianPriceSource.sol";
import {IPriceSource} from "./interfaces/IPriceSource.sol";

/// @title MedianPriceSource
/// @notice The median of what several reporters say. The manual is its interface.
/// @dev A seat's history is a list of (time, price); 0 marks a change of reporter. The search in it reads about log2(reports)
/// words for each seat: with {SEATS} seats and as many reports as fit in a century it stays below what the reserve gives.
contract MedianPriceSource is IMedianPriceSource, AccessManaged {
    using Checkpoints for Checkpoints.Trace208;

    uint256 private constant WAD = 1e18;

    /// @dev What the reserve accepts.
    uint256 private constant MAX_PRICE = type(uint128).max;

    /// @inheritdoc IMedianPriceSource
    /// @dev Enough for a committee; few enough to read all of them with cold storage.
    uint256 public constant SEATS = 15;

    /// @inheritdoc IMedianPriceSource
    uint256 public immutable MIN_REPORTS;
    /// @inheritdoc IMedianPriceSource
    uint40 public immutable MAX_AGE;
    /// @inheritdoc IMedianPriceSource
    uint40 public immutable INTERVAL;
    /// @inheritdoc IMedianPriceSource
    uint256 public immutable MAX_CHANGE;

    /// @inheritdoc IMedianPriceSource
    address[SEATS] public reporterOf;

    /// @dev The seat of a reporter plus one; 0: none.
    mapping(address reporter => uint256 seatPlusOne) private _seats;
    Checkpoints.Trace208[SEATS] private _reports;

    /// @param initialAuthority The access manager.
    /// @param minReports How many usable reports it takes for a price, 1 to {SEATS}.
    /// @param maxAge How old a report may be at an epoch's end, in seconds, 1 hour to 30 days.
    /// @param interval How long a reporter waits between two reports, in seconds, 1 minute to a quarter of `maxAge`.
    /// @param maxChange By how much a report may exceed the one before (wad), 0.01 to 10.
    constructor(
        address initialAuthority,
        uint256 minReports,
        uint40 maxAge,
        uint40 interval,
        uint256 maxChange
    ) AccessManaged(initialAuthority) {
        _checkRange("minReports", minReports, 1, SEATS);
        _checkRange("maxAge", maxAge, 1 hours, 30 days);
        // Several reports fit into the age, so that one lost report is no lost price.
        _checkRange("interval", interval, 1 minutes, maxAge / 4);
        _checkRange("maxChange", maxChange, WAD / 100, 10 * WAD);
        MIN_REPORTS = minReports;
        MAX_AGE = maxAge;
        INTERVAL = interval;
        MAX_CHANGE = maxChange;
    }

    /* REPORTERS */

    /// @inheritdoc IMedianPriceSource
    function report(uint256 price) external {
        uint256 seat = _seats[msg.sender];
        require(seat != 0, MedianPriceSource_NotReporter(msg.sender));
        seat -= 1;
        (, uint48 time, uint208 last) = _reports[seat].latestCheckpoint();

        (uint256 minimum, uint256 maximum) = (1, MAX_PRICE);
        if (last != 0) {
            uint256 earliest = uint256(time) + INTERVAL;
            require(block.timestamp >= earliest, MedianPriceSource_TooSoon(block.timestamp, earliest));
            minimum = Math.max(minimum, Math.mulDiv(last, WAD, WAD + MAX_CHANGE, Math.Rounding.Ceil));
            // At least one wei more, so that the smallest price is no trap.
            maximum = Math.min(maximum, last + Math.max(1, Math.mulDiv(last, MAX_CHANGE, WAD)));
        }
        require(price >= minimum && price <= maximum, MedianPriceSource_PriceOutOfRange(price, minimum, maximum));

        // Just checked to have 128 bits.
        _reports[seat].push(uint48(block.timestamp), uint208(price));
        emit PriceReported(msg.sender, seat, last, price);
    }

    /* GOVERNANCE */

    /// @inheritdoc IMedianPriceSource
    function setReporter(uint256 seat, address reporter) external restricted {
        require(seat < SEATS, MedianPriceSource_NoSeat(seat, SEATS));
        if (reporter != address(0)) {
            uint256 taken = _seats[reporter];
            require(taken == 0, MedianPriceSource_SeatedAlready(reporter, taken == 0 ? 0 : taken - 1));
            _seats[reporter] = seat + 1;
        }
        address oldReporter = reporterOf[seat];
        if (oldReporter != address(0)) delete _seats[oldReporter];
        reporterOf[seat] = reporter;
        _reports[seat].push(uint48(block.timestamp), 0);
        emit ReporterSet(seat, oldReporter, reporter);
    }

    /* VIEWS */

    /// @inheritdoc IPriceSource
    function priceOver(uint40, uint40 end) external view returns (uint256 priceWad) {
        uint256[SEATS] memory prices;
        uint256 count = 0;
        for (uint256 seat = 0; seat < SEATS; ++seat) {
            (uint256 price, uint40 reportedAt) = reportBefore(seat, end);
            if (price == 0 || end - reportedAt > MAX_AGE) continue;
            // Put in its place among those before: at most fifteen.
            uint256 place = count++;
            for (; place != 0 && prices[place - 1] > price; --place) prices[place] = prices[place - 1];
            prices[place] = price;
        }
        if (count < MIN_REPORTS) return 0;
        // With an even number the mean of the middle two, rounded down.
        return (prices[(count - 1) / 2] + prices[count / 2]) / 2;
    }

    /// @inheritdoc IMedianPriceSource
    function reportBefore(uint256 seat, uint40 end) public view returns (uint256 price, uint40 reportedAt) {
        Checkpoints.Trace208 storage reports = _reports[seat];
        // Strictly before: in the very block of the end a report could be sent before or after the epoch is closed.
        uint256 low = 0;
        uint256 high = reports.length();
        if (end == 0 || high == 0) return (0, 0);
        while (low < high) {
            uint256 middle = (low + high) / 2;
            // Fits: a list of checkpoints is never longer than 32 bits can count.
            if (reports.pos(uint32(middle))._key < end) low = middle + 1;
            else high = middle;
        }
        if (low == 0) return (0, 0);
        Checkpoints.Checkpoint208 memory found = reports.pos(uint32(low - 1));
        // A seat that changed hands has said nothing. What was said was before `end`, which has 40 bits.
        return found._value == 0 ? (0, 0) : (found._value, uint40(found._key));
    }

    /* INTERNAL */

    function _checkRange(bytes32 rule, uint256 value, uint256 minimum, uint256 maximum) private pure {
        require(value >= minimum && value <= maximum, MedianPriceSource_OutOfRange(rule, value, minimum, maximum));
    }
}
