// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IEmissionCurve} from "../../emission/interfaces/IEmissionCurve.sol";
import {ITaskRegistry} from "../../governance/interfaces/ITaskRegistry.sol";
import {
    IStabilizationReserve,
    PriceReason,
    ReserveParameters
} from "../../reserve/interfaces/IStabilizationReserve.sol";
import {Epoch} from "../../types/Epoch.sol";
import {TaskId} from "../../types/TaskId.sol";
import {IVestingVault} from "../../vesting/interfaces/IVestingVault.sol";

/// Everything that decides how an epoch is paid, fixed when it is closed. Only its hash is stored.
struct EpochRecord {
    Epoch epoch;
    /// The epoch is [start, end), in seconds.
    uint40 start;
    uint40 end;
    /// R: what the emission curve gives for the epoch, in wei.
    uint128 budget;
    /// The tasks, by rising id; weights and minimum scores stand in the same order.
    TaskId[] tasks;
    /// Their shares of the payout, in wad; they sum to 1e18.
    uint64[] weights;
    /// The score from which an account counts as a participant of the task.
    uint96[] minScores;
    /// The hash of the scoring policy.
    bytes32 policyHash;
    /// The price of the token over the epoch, in wad; 0: neutral.
    uint256 price;
    ReserveParameters reserve;
    address foundation;
    /// The foundation's share of the payout, in wad.
    uint64 foundationShare;
    /// The most one account may get of one task's budget, in wad.
    uint64 accountCap;
    /// The most of what an account has left in cohorts that usage may release early, in wad.
    uint64 accelerationBound;
    /// When the cohort of this epoch's grants ends, and for how long it is released.
    uint40 cohortEnd;
    uint40 duration;
    /// How long a proposal of this epoch can be challenged, in seconds.
    uint32 window;
    /// What a proposal must deposit, in wei of the native coin.
    uint128 bond;
}

/// What holds from epoch 0 on, until changed. The fields are those of {EpochRecord}.
struct InitialParameters {
    address foundation;
    uint64 foundationShare;
    uint64 accountCap;
    uint64 accelerationBound;
    uint32 window;
    uint128 bond;
}

/**
 * @title IEpochParameters
 * @notice Knows everything that decides how an epoch is paid: keeps the parameters that have no other home, each within
 * bounds fixed in code, and puts an epoch's record together when the distributor closes it.
 *
 * A change is announced for an epoch that has not started. What applies to a started epoch never changes.
 */
interface IEpochParameters {
    /* ERRORS */

    error EpochParameters_EpochStarted(Epoch from, uint40 start, uint40 present);
    error EpochParameters_TooFarAhead(Epoch from, uint40 start, uint40 latest);
    error EpochParameters_FoundationZero();
    error EpochParameters_ShareOutOfBounds(uint256 share, uint256 max);
    error EpochParameters_CapOutOfBounds(uint256 cap, uint256 min, uint256 max);
    error EpochParameters_AccelerationOutOfBounds(uint256 bound, uint256 max);
    error EpochParameters_WindowOutOfBounds(uint256 window, uint256 min, uint256 max);
    error EpochParameters_BondOutOfBounds(uint256 bond, uint256 min, uint256 max);

    /* EVENTS */

    event FoundationScheduled(
        Epoch indexed from,
        address oldFoundation,
        uint64 oldShare,
        address newFoundation,
        uint64 newShare
    );

    event AccountCapScheduled(Epoch indexed from, uint64 oldCap, uint64 newCap);

    event AccelerationBoundScheduled(Epoch indexed from, uint64 oldBound, uint64 newBound);

    event ChallengeScheduled(Epoch indexed from, uint32 oldWindow, uint128 oldBond, uint32 newWindow, uint128 newBond);

    /* GOVERNANCE */

    /**
     * @notice Sets who the foundation is, and its share of each payout, from an epoch on.
     *
     * Emits {FoundationScheduled}.
     *
     * Requirements:
     * - the caller is allowed by the access manager
     * - `from` has not started, is not before the last change of the same kind (the same epoch: replaced), and not further
     *   ahead than {MAX_LEAD}
     * - the share is below one half; the foundation is not the zero address unless the share is 0
     *
     * @param from The first epoch it holds for.
     * @param foundation The foundation.
     * @param share Its share, in wad.
     */
    function scheduleFoundation(Epoch from, address foundation, uint64 share) external;

    /**
     * @notice Sets the most one account may get of one task's budget, from an epoch on.
     *
     * Emits {AccountCapScheduled}.
     *
     * Requirements:
     * - the caller is allowed by the access manager
     * - `from` has not started, is not before the last change of the same kind (the same epoch: replaced), and not further
     *   ahead than {MAX_LEAD}
     * - the cap lies between {MIN_ACCOUNT_CAP} and 1e18
     *
     * @param from The first epoch it holds for.
     * @param cap The cap, in wad.
     */
    function scheduleAccountCap(Epoch from, uint64 cap) external;

    /**
     * @notice Sets the most of what an account has left in cohorts that usage may release early, from an epoch on.
     *
     * Emits {AccelerationBoundScheduled}.
     *
     * Requirements:
     * - the caller is allowed by the access manager
     * - `from` has not started, is not before the last change of the same kind (the same epoch: replaced), and not further
     *   ahead than {MAX_LEAD}
     * - the bound is at most 1e18
     *
     * @param from The first epoch it holds for.
     * @param bound The bound, in wad.
     */
    function scheduleAccelerationBound(Epoch from, uint64 bound) external;

    /**
     * @notice Sets how long proposals can be challenged and what they must deposit, from an epoch on.
     *
     * Emits {ChallengeScheduled}.
     *
     * Requirements:
     * - the caller is allowed by the access manager
     * - `from` has not started, is not before the last change of the same kind (the same epoch: replaced), and not further
     *   ahead than {MAX_LEAD}
     * - the window lies between {MIN_WINDOW} and half an epoch
     * - the bond lies between {MIN_BOND} and {MAX_BOND}
     *
     * @param from The first epoch it holds for.
     * @param window The window, in seconds.
     * @param bond The bond, in wei of the native coin.
     */
    function scheduleChallenge(Epoch from, uint32 window, uint128 bond) external;

    /* VIEWS */

    /**
     * @notice The record of an epoch: its clock and budget, and everything in force in it.
     * @dev The price is read until {PRICE_GRACE} after the epoch's end, and is the same at every moment of it; later there
     * is none (0, neutral). Only what the distributor took when it closed the epoch counts.
     *
     * Requirements:
     * - the call carries enough gas for the price source to be asked in full
     *
     * @param epoch An epoch that is over.
     * @return record The record.
     * @return priceReason Why there is no price, if there is none.
     */
    function recordAt(Epoch epoch) external view returns (EpochRecord memory record, PriceReason priceReason);

    /// @notice The emission curve and the clock of epochs.
    function CURVE() external view returns (IEmissionCurve);

    /// @notice Tasks, weights and scoring policy.
    function REGISTRY() external view returns (ITaskRegistry);

    /// @notice The reserve's law, and the price.
    function RESERVE() external view returns (IStabilizationReserve);

    /// @notice The terms of release.
    function VAULT() external view returns (IVestingVault);

    /// @notice How long after an epoch's end its price is still read.
    function PRICE_GRACE() external view returns (uint40);

    /// @notice The shortest window, in seconds.
    function MIN_WINDOW() external view returns (uint32);

    /// @notice The smallest bond, in wei of the native coin.
    function MIN_BOND() external view returns (uint128);

    /// @notice The largest bond, in wei of the native coin.
    function MAX_BOND() external view returns (uint128);

    /// @notice The lowest cap per account, in wad.
    function MIN_ACCOUNT_CAP() external view returns (uint64);

    /// @notice How far ahead of now, or of the start of epoch 0 if that is later, a change can be scheduled, in seconds: a
    /// slip of the pen must not lock a parameter.
    function MAX_LEAD() external view returns (uint40);

    /// @notice The foundation of an epoch and its share, in wad.
    function foundationAt(Epoch epoch) external view returns (address foundation, uint64 share);

    /// @notice The cap per account of an epoch, in wad.
    function accountCapAt(Epoch epoch) external view returns (uint64);

    /// @notice The acceleration bound of an epoch, in wad.
    function accelerationBoundAt(Epoch epoch) external view returns (uint64);

    /// @notice Challenge window (seconds) and bond (wei) of an epoch.
    function challengeAt(Epoch epoch) external view returns (uint32 window, uint128 bond);
}
