// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {IEmissionCurve} from "../../emission/interfaces/IEmissionCurve.sol";
import {Epoch} from "../../types/Epoch.sol";

/// @notice The law by which the reserve steers an epoch's payout.
/// @param hasLaw Whether participation and price steer the payout at all; false means a factor of exactly 1.
/// @param a Upper end of the participation curve L (wad).
/// @param b Steepness of L per participant (wad).
/// @param c Middle of L, in participants (wad).
/// @param alpha Weight of the price term (wad); 0 switches it off.
/// @param priceRef The price at which the price term is 0 (wad).
/// @param smoothing T: at most S / T leaves the reserve in one epoch.
/// @param rho Part of S that is added to an epoch's base (wad): what was withheld comes back slowly.
/// @param priceSource Who is asked for the price; the zero address if nobody.
struct ReserveParameters {
    bool hasLaw;
    uint64 a;
    uint64 b;
    uint128 c;
    uint64 alpha;
    uint128 priceRef;
    uint32 smoothing;
    uint64 rho;
    address priceSource;
}

/// @notice What became of the question for a price. Everything but `Used` means that the price term is 0.
/// - Used: the source gave a price.
/// - NotNeeded: the law has no price term.
/// - NoSource: no source is named.
/// - NoCode: there is no contract at the source's address.
/// - CallFailed: the source reverted or needed more than its gas.
/// - BadReturn: the answer was not exactly one word.
/// - Zero: the source says that it has no price.
/// - TooHigh: the answer does not fit 128 bits.
/// - GraceOver: the epoch was closed too late to ask (decided where the record is put together, never returned by the reserve).
enum PriceReason {
    Used,
    NotNeeded,
    NoSource,
    NoCode,
    CallFailed,
    BadReturn,
    Zero,
    TooHigh,
    GraceOver
}

/// @title StabilizationReserve: keeps back in quiet times, helps out in others
/// @notice Holds what epochs did not pay out, and what registered pools handed back, until later epochs pay it out.
/// @dev S, the booked reserve, changes in {settle} only; a plain transfer to this contract does not change it.
interface IStabilizationReserve {
    /// @notice The distributor was chosen, for ever.
    event DistributorSet(address indexed distributor);

    /// @notice A pool may deposit from now on.
    event PoolRegistered(address indexed pool);

    /// @notice A pool handed tokens back. They join S when the next epoch becomes final.
    event Deposited(address indexed pool, uint256 amount, uint256 oldPending, uint256 newPending);

    /// @notice An epoch became final: S went from `oldReserve` to `newReserve`, which is
    /// `oldReserve + withheld - injected + joined`; `joined` are the deposits that waited.
    event ReserveSettled(uint256 withheld, uint256 injected, uint256 joined, uint256 oldReserve, uint256 newReserve);

    /// @notice From epoch `from` on other parameters apply.
    event ParametersScheduled(Epoch indexed from, ReserveParameters oldParameters, ReserveParameters newParameters);

    /// @notice The distributor has already been chosen.
    error StabilizationReserve_DistributorAlreadySet(address current);

    /// @notice The zero address cannot be the distributor.
    error StabilizationReserve_DistributorZero();

    /// @notice Somebody else than the distributor tried to settle.
    error StabilizationReserve_NotDistributor(address caller, address distributor);

    /// @notice Only registered pools deposit.
    error StabilizationReserve_NotPool(address caller);

    /// @notice The pool is registered already.
    error StabilizationReserve_PoolExists(address pool);

    /// @notice The zero address cannot be a pool.
    error StabilizationReserve_PoolZero();

    /// @notice A deposit of nothing.
    error StabilizationReserve_DepositZero();

    /// @notice An epoch cannot both withhold and inject.
    error StabilizationReserve_BothWays(uint256 withheld, uint256 injected);

    /// @notice More would leave the reserve than S / MIN_SMOOTHING, which no parameters allow.
    error StabilizationReserve_InjectionTooHigh(uint256 injected, uint256 maximum);

    /// @notice The tokens that are to be booked have not arrived.
    error StabilizationReserve_BalanceTooLow(uint256 balance, uint256 booked);

    /// @notice A parameter is outside the bounds fixed in code. `parameter` is its name in {ReserveParameters}.
    error StabilizationReserve_OutOfRange(bytes32 parameter, uint256 value, uint256 minimum, uint256 maximum);

    /// @notice The epoch has already started, so nothing that applies to it can be changed any more.
    error StabilizationReserve_EpochStarted(Epoch from, uint40 start, uint40 present);

    /// @notice A change is already scheduled for a later epoch.
    error StabilizationReserve_BeforeLastChange(Epoch from, Epoch lastChange);

    /// @notice The epoch lies further ahead than {MAX_LEAD}.
    error StabilizationReserve_TooFarAhead(Epoch from, uint40 start, uint40 latest);

    /// @notice Chooses the distributor. Works exactly once.
    ///
    /// Emits {DistributorSet}.
    ///
    /// Requirements:
    /// - the caller is allowed to by the access manager;
    /// - no distributor has been chosen yet;
    /// - `newDistributor` is not the zero address.
    function setDistributor(address newDistributor) external;

    /// @notice Lets a pool hand tokens back with {deposit}. A pool gains no other right.
    ///
    /// Emits {PoolRegistered}.
    ///
    /// Requirements:
    /// - the caller is allowed to by the access manager;
    /// - `pool` is not registered yet and not the zero address.
    function registerPool(address pool) external;

    /// @notice Takes tokens from the calling pool. They wait as {pending} and join S when the next epoch becomes final.
    ///
    /// Emits {Deposited}.
    ///
    /// Requirements:
    /// - the caller is a registered pool;
    /// - `amount` is not zero;
    /// - the pool holds that much and has allowed this contract to take it.
    function deposit(uint256 amount) external;

    /// @notice Books an epoch that became final: S' = S + withheld - injected + pending. `injected` is sent to
    /// `recipient`; `withheld` must have been minted or sent to this contract before.
    ///
    /// Emits {ReserveSettled}.
    ///
    /// Requirements:
    /// - the caller is the distributor;
    /// - `withheld` and `injected` are not both positive;
    /// - `injected` is at most S / {MIN_SMOOTHING} (the distributor keeps it to S / T);
    /// - after it, this contract's balance is at least S'.
    /// @param withheld What the epoch did not pay of its budget.
    /// @param injected What the epoch paid beyond its budget.
    /// @param recipient Who receives `injected`; ignored if that is 0.
    /// @return newReserve S after it.
    function settle(uint256 withheld, uint256 injected, address recipient) external returns (uint256 newReserve);

    /// @notice Sets the parameters from epoch `from` on. What was already scheduled for that very epoch is replaced.
    ///
    /// Emits {ParametersScheduled}.
    ///
    /// Requirements:
    /// - the caller is allowed to by the access manager;
    /// - `from` has not started, is not before the last change scheduled, and not further ahead than {MAX_LEAD};
    /// - a at most 1e18, b at most 10e18, c at most 1e12 participants, alpha at most 1e18, T from 2 to 3650,
    ///   rho * T at most 1e18; with a law, a, b and the reference price are not 0.
    function scheduleParameters(Epoch from, ReserveParameters calldata newParameters) external;

    /// @notice The parameters that apply to an epoch.
    function parametersAt(Epoch epoch) external view returns (ReserveParameters memory);

    /// @notice Asks the price source of an epoch for its price. Never fails because of the source, however it behaves;
    /// an answer that cannot be used gives price 0 and the reason.
    ///
    /// Requirements:
    /// - so much gas is left that the source gets all of {PRICE_READ_GAS}: who sends less gets
    ///   the error PriceRead_GasTooLow and steers nothing.
    /// @param epoch The epoch whose parameters name the source.
    /// @param start Its first second.
    /// @param end Its end.
    /// @return price The price (wad), 0 if there is none to use.
    /// @return reason What became of the question.
    function readPrice(Epoch epoch, uint40 start, uint40 end) external view returns (uint256 price, PriceReason reason);

    /// @notice S: what the reserve holds by its books, in wei.
    function reserve() external view returns (uint256);

    /// @notice What pools have handed back since the last epoch became final, in wei.
    function pending() external view returns (uint256);

    /// @notice Whether an address may deposit.
    function isPool(address account) external view returns (bool);

    /// @notice The only caller of {settle}; the zero address until {setDistributor} was called.
    function distributor() external view returns (address);

    /// @notice The last epoch for which a change is scheduled.
    function lastChange() external view returns (Epoch);

    /// @notice The token it holds.
    function TOKEN() external view returns (IERC20);

    /// @notice The curve, whose clock says when an epoch starts.
    function CURVE() external view returns (IEmissionCurve);

    /// @notice The gas that a price source gets, all of it or the call reverts.
    function PRICE_READ_GAS() external view returns (uint256);

    /// @notice The smallest T.
    function MIN_SMOOTHING() external view returns (uint32);

    /// @notice The largest T.
    function MAX_SMOOTHING() external view returns (uint32);

    /// @notice How far ahead a change can be scheduled, in seconds: a slip of the pen must not lock the reserve.
    function MAX_LEAD() external view returns (uint40);
}
