// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {ILockedSupply} from "../../token/interfaces/ILockedSupply.sol";
import {IStabilizationReserve} from "./IStabilizationReserve.sol";

/// @title UnitPool: tokens that come with a number of units sold in advance
/// @notice Holds a genesis allocation for a fixed number of units, the same amount for each. While the sale runs, units are
/// booked to those who ordered them. From the sale's end on each unit's tokens are released, second by second, and
/// what belongs to units that nobody ordered goes to the reserve, from which miners get it.
/// @dev No tokens come into being here: the allocation is part of the token's genesis, and {close} only moves it. What counts
/// is what is booked; a plain transfer to this contract changes nothing and cannot be taken back.
interface IUnitPool is ILockedSupply {
    /// @notice The pool was connected to its reserve, and so to its token, for ever. It holds its allocation.
    event ReserveSet(address indexed reserve, address indexed token);

    /// @notice Units were booked to an account: it has `accountUnits` now, and all accounts together `sold`.
    event UnitsAllotted(address indexed account, uint256 units, uint256 accountUnits, uint256 sold);

    /// @notice The pool was closed. Nothing can be booked any more; `returned` wei of `unsold` units went to the reserve.
    event PoolClosed(uint256 sold, uint256 unsold, uint256 returned);

    /// @notice An account was paid `amount`; `claimed` is all it was ever paid.
    event UnitsClaimed(address indexed account, address indexed to, uint256 amount, uint256 claimed);

    /// @notice A pool without units.
    error UnitPool_UnitsZero();

    /// @notice The allocation cannot be split into equal units: `remainder` wei would belong to none; or it is 0 or over 128 bits.
    error UnitPool_AllocationUneven(uint256 allocation, uint256 units, uint256 remainder);

    /// @notice The sale would be over already, or end too late; a slip of the pen must not lock the allocation for ever.
    error UnitPool_SaleEndOutOfRange(uint40 saleEnd, uint40 earliest, uint40 latest);

    /// @notice The release would last too long.
    error UnitPool_ReleaseTooLong(uint40 releaseOver, uint40 maximum);

    /// @notice The pool is connected already.
    error UnitPool_ReserveAlreadySet(address current);

    /// @notice The reserve would not take what the pool hands back.
    error UnitPool_NotRegistered(address reserve);

    /// @notice The pool does not hold its allocation.
    error UnitPool_AllocationMissing(uint256 balance, uint256 allocation);

    /// @notice The pool is not connected yet.
    error UnitPool_ReserveNotSet();

    /// @notice The pool is closed.
    error UnitPool_AlreadyClosed();

    /// @notice The two lists are not of the same length, or empty.
    error UnitPool_LengthMismatch(uint256 accounts, uint256 units);

    /// @notice Nobody, or a contract of the protocol that could never pass the tokens on.
    error UnitPool_AccountInvalid(uint256 position, address account);

    /// @notice No units for an account that stands in the list.
    error UnitPool_UnitsOfAccountZero(uint256 position, address account);

    /// @notice More units than are left.
    error UnitPool_NotEnoughUnits(uint256 position, uint256 units, uint256 left);

    /// @notice The sale is not over.
    error UnitPool_SaleOpen(uint40 present, uint40 saleEnd);

    /// @notice Nothing has been released since the account was last paid.
    error UnitPool_NothingToClaim(address account, uint256 released, uint256 claimed);

    /// @notice The zero address cannot be paid.
    error UnitPool_RecipientZero();

    /// @notice Connects the pool to the reserve that takes what is not sold, and to its token. Works exactly once, in the
    /// deployment: the pool must exist before the token, which mints the allocation to it.
    ///
    /// Emits {ReserveSet}.
    ///
    /// Requirements:
    /// - the caller is allowed to by the access manager;
    /// - the pool is not connected yet;
    /// - it is registered with `newReserve`, so that {close} can never be refused;
    /// - it holds its {ALLOCATION} of the reserve's token.
    function setReserve(IStabilizationReserve newReserve) external;

    /// @notice Books units to those who ordered them: `units[i]` to `accounts[i]`, on top of what the account has.
    /// What was booked can never be taken back, moved or delayed, by anyone.
    ///
    /// Warning: anyone may {close} from the sale's end on. An order must have been booked by then; a list that waits in
    /// the timelock (where all can read it) should be executed before.
    ///
    /// Emits {UnitsAllotted} for each entry.
    ///
    /// Requirements:
    /// - the caller is allowed to by the access manager;
    /// - the pool is connected and not closed;
    /// - the lists are equally long and not empty;
    /// - no account is the zero address, this contract, the reserve or the token;
    /// - no entry is of 0 units, and all of them together are not more than what is left.
    function allot(address[] calldata accounts, uint256[] calldata units) external;

    /// @notice Ends the booking and hands what belongs to unsold units to the reserve. Works exactly once; anyone may call.
    /// The reserve counts it as {IStabilizationReserve-pending} and adds it to S when the next epoch becomes final.
    ///
    /// Emits {PoolClosed}.
    ///
    /// Requirements:
    /// - the pool is connected and not closed;
    /// - the sale is over.
    /// @return returned What went to the reserve, in wei; 0 if all units were sold.
    function close() external returns (uint256 returned);

    /// @notice Pays an account what has been released for its units and not yet paid. Anyone may call; the account is paid.
    ///
    /// Emits {UnitsClaimed}.
    ///
    /// Requirements:
    /// - there is something to pay: {claimable} is not 0.
    /// @return amount What was paid, in wei.
    function claim(address account) external returns (uint256 amount);

    /// @notice As {claim}, for the caller's own units, paid to `to`.
    ///
    /// Emits {UnitsClaimed}.
    ///
    /// Requirements:
    /// - `to` is not the zero address;
    /// - there is something to pay.
    /// @return amount What was paid, in wei.
    function claimTo(address to) external returns (uint256 amount);

    /// @notice What a unit has released by a point in time, in wei: nothing before {SALE_END}, all of {PER_UNIT} from
    /// {RELEASE_OVER} later on, in proportion to the seconds in between, rounded down.
    function releasedPerUnitAt(uint256 time) external view returns (uint256);

    /// @notice What could be paid to an account now, in wei.
    function claimable(address account) external view returns (uint256);

    /// @notice What an account has been paid, in wei.
    function claimed(address account) external view returns (uint256);

    /// @notice The units of an account.
    function unitsOf(address account) external view returns (uint256);

    /// @notice The units of all accounts.
    function sold() external view returns (uint256);

    /// @notice The units of nobody.
    function unsold() external view returns (uint256);

    /// @notice What all accounts have been paid, in wei.
    function paid() external view returns (uint256);

    /// @notice What the pool holds by its books, in wei: what is neither paid nor handed to the reserve. Its balance is never
    /// less. Such tokens do not circulate: {lockedAt} tells what it was, for the quorum of a vote.
    function locked() external view returns (uint256);

    /// @notice Whether the pool has been closed.
    function closed() external view returns (bool);

    /// @notice The reserve that takes what is not sold; the zero address until {setReserve} was called.
    function reserve() external view returns (IStabilizationReserve);

    /// @notice The token; the zero address until {setReserve} was called.
    function token() external view returns (IERC20);

    /// @notice How many units there are.
    function UNITS() external view returns (uint256);

    /// @notice The tokens of one unit, in wei.
    function PER_UNIT() external view returns (uint256);

    /// @notice The tokens of all units, in wei.
    function ALLOCATION() external view returns (uint256);

    /// @notice The first second after the sale, in which the release begins.
    function SALE_END() external view returns (uint40);

    /// @notice For how long a unit is released, in seconds; 0: at once.
    function RELEASE_OVER() external view returns (uint40);

    /// @notice The longest time from the deployment to the sale's end, and the longest release, in seconds.
    function MAX_SPAN() external view returns (uint40);
}
