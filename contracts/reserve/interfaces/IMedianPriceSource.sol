// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IPriceSource} from "./IPriceSource.sol";

/// @title IMedianPriceSource: an epoch's price from several reporters
/// @notice Each reporter says now and then what the token is worth. An epoch's price is the median of what each of them
/// said last before the epoch's end: one who lies, or sleeps, moves nothing.
/// @dev A report carries the time of its block, and reports are kept for ever, so that the answer about an epoch that is over
/// never changes. Reporters sit on numbered seats; who leaves a seat takes the seat's price with him.
interface IMedianPriceSource is IPriceSource {
    /// @notice A reporter said what a whole token is worth (wad).
    event PriceReported(address indexed reporter, uint256 indexed seat, uint256 oldPrice, uint256 newPrice);

    /// @notice A seat has another reporter from now on; zero: none.
    event ReporterSet(uint256 indexed seat, address indexed oldReporter, address indexed newReporter);

    /// @notice Somebody without a seat reported.
    error MedianPriceSource_NotReporter(address caller);

    /// @notice There is no such seat.
    error MedianPriceSource_NoSeat(uint256 seat, uint256 seats);

    /// @notice The reporter already has a seat.
    error MedianPriceSource_SeatedAlready(address reporter, uint256 seat);

    /// @notice The seat's last report is too young for another.
    error MedianPriceSource_TooSoon(uint256 present, uint256 earliest);

    /// @notice The price lies too far from the seat's last one, or is no price at all.
    error MedianPriceSource_PriceOutOfRange(uint256 price, uint256 minimum, uint256 maximum);

    /// @notice A rule that cannot work.
    error MedianPriceSource_OutOfRange(bytes32 rule, uint256 value, uint256 minimum, uint256 maximum);

    /// @notice Says what a whole token is worth now.
    ///
    /// Emits {PriceReported}.
    ///
    /// Requirements:
    /// - the caller has a seat;
    /// - its last report is at least {INTERVAL} old;
    /// - the price is at least 1 and below 2^128, and differs from its last one by at most {MAX_CHANGE}: up to
    ///   `last + last * MAX_CHANGE`, down to `last / (1 + MAX_CHANGE)`. The first report of a reporter is free.
    /// @param price The price of one whole token in the unit of the reserve's reference price (wad).
    function report(uint256 price) external;

    /// @notice Gives a seat to a reporter, or to nobody. The price of who sat there counts no more for epochs that end later
    /// than now.
    ///
    /// Emits {ReporterSet}.
    ///
    /// Requirements:
    /// - the caller is allowed by the access manager;
    /// - there is such a seat;
    /// - the reporter has no seat.
    /// @param seat The seat, from 0.
    /// @param reporter Who reports from now on; the zero address: nobody.
    function setReporter(uint256 seat, address reporter) external;

    /// @notice What a seat's reporter had said last before a moment; 0: nothing.
    function reportBefore(uint256 seat, uint40 end) external view returns (uint256 price, uint40 reportedAt);

    /// @notice Who sits on a seat; zero: nobody.
    function reporterOf(uint256 seat) external view returns (address);

    /// @notice How many seats there are.
    function SEATS() external view returns (uint256);

    /// @notice How many usable reports it takes for a price.
    function MIN_REPORTS() external view returns (uint256);

    /// @notice How old a report may be at an epoch's end, in seconds; a report of exactly that age still counts.
    function MAX_AGE() external view returns (uint40);

    /// @notice How long a reporter waits between two reports at least, in seconds.
    function INTERVAL() external view returns (uint40);

    /// @notice By how much a report may exceed the one before (wad).
    function MAX_CHANGE() external view returns (uint256);
}
