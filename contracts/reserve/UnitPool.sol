// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";

import {ILockedSupply} from "../token/interfaces/ILockedSupply.sol";
import {IStabilizationReserve} from "./interfaces/IStabilizationReserve.sol";
import {IUnitPool} from "./interfaces/IUnitPool.sol";

/// @title UnitPool
/// @notice Units sold in advance: their tokens are released to those who ordered, the rest goes to the reserve. The manual
/// is its interface.
contract UnitPool is AccessManaged, IUnitPool {
    using Checkpoints for Checkpoints.Trace208;
    using SafeERC20 for IERC20;

    /// What an account has and was paid, in one slot.
    struct Account {
        uint32 units;
        uint128 claimed;
    }

    /// @inheritdoc IUnitPool
    /// @dev Thirty years, half as long again as the longest published emission: whoever writes more has mistaken the unit.
    uint40 public constant MAX_SPAN = 30 * 366 days;

    /// @inheritdoc IUnitPool
    uint256 public immutable UNITS;

    /// @inheritdoc IUnitPool
    uint256 public immutable PER_UNIT;

    /// @inheritdoc IUnitPool
    uint256 public immutable ALLOCATION;

    /// @inheritdoc IUnitPool
    uint40 public immutable SALE_END;

    /// @inheritdoc IUnitPool
    uint40 public immutable RELEASE_OVER;

    /// @inheritdoc IUnitPool
    IStabilizationReserve public reserve;

    /// @dev The units of all accounts, beside the reserve in one slot.
    uint32 private _sold;

    /// @inheritdoc IUnitPool
    bool public closed;

    /// @inheritdoc IUnitPool
    IERC20 public token;

    /// @dev What all accounts were paid.
    uint128 private _paid;

    mapping(address account => Account booked) private _accounts;

    /// @dev By time: what the pool held by its books.
    Checkpoints.Trace208 private _locked;

    /// @param initialAuthority The access manager.
    /// @param allocation What the token's genesis mints to this contract, in wei: a multiple of `units`, below 2^128.
    /// @param units How many units there are, below 2^32.
    /// @param saleEnd The first second after the sale.
    /// @param releaseOver For how long a unit is released from then on, in seconds; 0: at once.
    constructor(
        address initialAuthority,
        uint128 allocation,
        uint32 units,
        uint40 saleEnd,
        uint40 releaseOver
    ) AccessManaged(initialAuthority) {
        require(units != 0, UnitPool_UnitsZero());
        // Every wei belongs to a unit, so that nothing is left over whatever is sold.
        uint256 remainder = allocation % units;
        require(allocation != 0 && remainder == 0, UnitPool_AllocationUneven(allocation, units, remainder));
        uint40 present = uint40(block.timestamp);
        uint40 latest = present + MAX_SPAN;
        require(saleEnd > present && saleEnd <= latest, UnitPool_SaleEndOutOfRange(saleEnd, present + 1, latest));
        require(releaseOver <= MAX_SPAN, UnitPool_ReleaseTooLong(releaseOver, MAX_SPAN));

        UNITS = units;
        PER_UNIT = allocation / units;
        ALLOCATION = allocation;
        SALE_END = saleEnd;
        RELEASE_OVER = releaseOver;
        _recordLocked();
    }

    /* ------------------------------------------------------------------------------------------------------------ */
    /* BUYERS                                                                                                       */
    /* ------------------------------------------------------------------------------------------------------------ */

    /// @inheritdoc IUnitPool
    function claim(address account) external returns (uint256 amount) {
        return _claim(account, account);
    }

    /// @inheritdoc IUnitPool
    function claimTo(address to) external returns (uint256 amount) {
        require(to != address(0), UnitPool_RecipientZero());
        return _claim(msg.sender, to);
    }

    /* ------------------------------------------------------------------------------------------------------------ */
    /* ANYONE                                                                                                       */
    /* ------------------------------------------------------------------------------------------------------------ */

    /// @inheritdoc IUnitPool
    function close() external returns (uint256 returned) {
        _checkOpen();
        uint40 present = uint40(block.timestamp);
        require(present >= SALE_END, UnitPool_SaleOpen(present, SALE_END));

        closed = true;
        uint256 left = unsold();
        returned = left * PER_UNIT;
        emit PoolClosed(_sold, left, returned);
        _recordLocked();

        // The reserve refuses a deposit of nothing.
        if (returned == 0) return 0;
        token.forceApprove(address(reserve), returned);
        reserve.deposit(returned);
    }

    /* ------------------------------------------------------------------------------------------------------------ */
    /* GOVERNANCE                                                                                                   */
    /* ------------------------------------------------------------------------------------------------------------ */

    /// @inheritdoc IUnitPool
    function setReserve(IStabilizationReserve newReserve) external restricted {
        require(address(reserve) == address(0), UnitPool_ReserveAlreadySet(address(reserve)));
        require(newReserve.isPool(address(this)), UnitPool_NotRegistered(address(newReserve)));
        IERC20 newToken = newReserve.TOKEN();
        uint256 balance = newToken.balanceOf(address(this));
        require(balance >= ALLOCATION, UnitPool_AllocationMissing(balance, ALLOCATION));

        (reserve, token) = (newReserve, newToken);
        emit ReserveSet(address(newReserve), address(newToken));
    }

    /// @inheritdoc IUnitPool
    function allot(address[] calldata accounts, uint256[] calldata units) external restricted {
        _checkOpen();
        require(
            accounts.length == units.length && accounts.length != 0,
            UnitPool_LengthMismatch(accounts.length, units.length)
        );

        uint256 all = _sold;
        for (uint256 i = 0; i < accounts.length; ++i) {
            (address account, uint256 added) = (accounts[i], units[i]);
            _checkAccount(i, account);
            require(added != 0, UnitPool_UnitsOfAccountZero(i, account));
            require(added <= UNITS - all, UnitPool_NotEnoughUnits(i, added, UNITS - all));

            all += added;
            uint256 booked = _accounts[account].units + added;
            // Fits: no account has more than all units, which have 32 bits.
            _accounts[account].units = uint32(booked);
            emit UnitsAllotted(account, added, booked, all);
        }
        // Fits: at most all units.
        _sold = uint32(all);
    }

    /* ------------------------------------------------------------------------------------------------------------ */
    /* VIEWS                                                                                                        */
    /* ------------------------------------------------------------------------------------------------------------ */

    /// @inheritdoc IUnitPool
    /// @dev Rounded down for each unit, so that an account with two units gets what two accounts with one get. The product
    /// fits: 128 bits times 40.
    function releasedPerUnitAt(uint256 time) public view returns (uint256) {
        if (time < SALE_END) return 0;
        uint256 elapsed = time - SALE_END;
        return elapsed >= RELEASE_OVER ? PER_UNIT : (PER_UNIT * elapsed) / RELEASE_OVER;
    }

    /// @inheritdoc IUnitPool
    function claimable(address account) external view returns (uint256) {
        // What is released never falls, so it is never below what was paid.
        return _released(account) - _accounts[account].claimed;
    }

    /// @inheritdoc IUnitPool
    function claimed(address account) external view returns (uint256) {
        return _accounts[account].claimed;
    }

    /// @inheritdoc IUnitPool
    function unitsOf(address account) external view returns (uint256) {
        return _accounts[account].units;
    }

    /// @inheritdoc IUnitPool
    function sold() external view returns (uint256) {
        return _sold;
    }

    /// @inheritdoc IUnitPool
    function unsold() public view returns (uint256) {
        return UNITS - _sold;
    }

    /// @inheritdoc IUnitPool
    function paid() external view returns (uint256) {
        return _paid;
    }

    /// @inheritdoc IUnitPool
    function locked() public view returns (uint256) {
        return (closed ? _sold * PER_UNIT : ALLOCATION) - _paid;
    }

    /// @inheritdoc ILockedSupply
    function lockedAt(uint48 time) external view returns (uint256) {
        require(time < block.timestamp, LockedSupply_NotPast(time, block.timestamp));
        return _locked.upperLookupRecent(time);
    }

    /* ------------------------------------------------------------------------------------------------------------ */
    /* INTERNAL                                                                                                     */
    /* ------------------------------------------------------------------------------------------------------------ */

    /// @dev Pays what has been released and not yet paid. An unconnected pool has no units, so nothing to pay.
    function _claim(address account, address to) private returns (uint256 amount) {
        uint256 released = _released(account);
        uint256 taken = _accounts[account].claimed;
        require(released > taken, UnitPool_NothingToClaim(account, released, taken));

        amount = released - taken;
        // Both fit: no more is ever released than the allocation, which has 128 bits.
        _accounts[account].claimed = uint128(released);
        _paid += uint128(amount);
        emit UnitsClaimed(account, to, amount, released);
        _recordLocked();

        token.safeTransfer(to, amount);
    }

    function _recordLocked() private {
        // Fits: at most the allocation, which has 128 bits.
        (uint208 oldLocked, uint208 newLocked) = _locked.push(uint48(block.timestamp), uint208(locked()));
        emit LockedSupplyRecorded(oldLocked, newLocked);
    }

    /// @dev What the units of an account have released by now.
    function _released(address account) private view returns (uint256) {
        return _accounts[account].units * releasedPerUnitAt(block.timestamp);
    }

    /// @dev Connected and not closed.
    function _checkOpen() private view {
        require(address(reserve) != address(0), UnitPool_ReserveNotSet());
        require(!closed, UnitPool_AlreadyClosed());
    }

    /// @dev Somebody who can pass tokens on, as far as one can tell here.
    function _checkAccount(uint256 position, address account) private view {
        bool valid =
            account != address(0) &&
                account != address(this) &&
                account != address(reserve) &&
                account != address(token);
        require(valid, UnitPool_AccountInvalid(position, account));
    }
}
