// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {IEmissionCurve} from "../emission/interfaces/IEmissionCurve.sol";
import {ITaskRegistry} from "../governance/interfaces/ITaskRegistry.sol";
import {EpochHistory} from "../libraries/EpochHistory.sol";
import {IStabilizationReserve, PriceReason} from "../reserve/interfaces/IStabilizationReserve.sol";
import {Epoch} from "../types/Epoch.sol";
import {IVestingVault} from "../vesting/interfaces/IVestingVault.sol";
import {EpochRecord, IEpochParameters, InitialParameters} from "./interfaces/IEpochParameters.sol";

/// @title EpochParameters
contract EpochParameters is IEpochParameters, AccessManaged {
    using EpochHistory for EpochHistory.History;

    /// @inheritdoc IEpochParameters
    /// @dev A keeper has a day; the answer is the same all day, so nothing is won by choosing the moment.
    uint40 public constant PRICE_GRACE = 1 days;
    /// @inheritdoc IEpochParameters
    uint40 public constant MAX_LEAD = 366 days;
    /// @inheritdoc IEpochParameters
    /// @dev Long enough to recompute an epoch by hand and to get a transaction in.
    uint32 public constant MIN_WINDOW = 6 hours;
    /// @inheritdoc IEpochParameters
    uint128 public constant MIN_BOND = 0.001 ether;
    /// @inheritdoc IEpochParameters
    uint128 public constant MAX_BOND = 1_000 ether;
    /// @inheritdoc IEpochParameters
    uint64 public constant MIN_ACCOUNT_CAP = 0.001e18;
    uint64 private constant WAD = 1e18;

    /// @inheritdoc IEpochParameters
    IEmissionCurve public immutable CURVE;
    /// @inheritdoc IEpochParameters
    ITaskRegistry public immutable REGISTRY;
    /// @inheritdoc IEpochParameters
    IStabilizationReserve public immutable RESERVE;
    /// @inheritdoc IEpochParameters
    IVestingVault public immutable VAULT;

    /// Each entry is `foundation << 64 | share`.
    EpochHistory.History private _foundations;
    EpochHistory.History private _accountCaps;
    EpochHistory.History private _accelerationBounds;
    /// Each entry is `window << 128 | bond`.
    EpochHistory.History private _challenges;

    /// @param initialAuthority The access manager.
    /// @param curve The emission curve.
    /// @param registry Tasks and policy.
    /// @param reserve The reserve.
    /// @param vault The vault.
    /// @param initial What holds from epoch 0 on.
    constructor(
        address initialAuthority,
        IEmissionCurve curve,
        ITaskRegistry registry,
        IStabilizationReserve reserve,
        IVestingVault vault,
        InitialParameters memory initial
    ) AccessManaged(initialAuthority) {
        CURVE = curve;
        REGISTRY = registry;
        RESERVE = reserve;
        VAULT = vault;
        Epoch first = Epoch.wrap(0);
        _pushFoundation(first, initial.foundation, initial.foundationShare);
        _pushAccountCap(first, initial.accountCap);
        _pushAccelerationBound(first, initial.accelerationBound);
        _pushChallenge(first, initial.window, initial.bond, curve.EPOCH_LENGTH());
    }

    /* GOVERNANCE */

    /// @inheritdoc IEpochParameters
    function scheduleFoundation(Epoch from, address foundation, uint64 share) external restricted {
        _checkFrom(from);
        _pushFoundation(from, foundation, share);
    }

    /// @inheritdoc IEpochParameters
    function scheduleAccountCap(Epoch from, uint64 cap) external restricted {
        _checkFrom(from);
        _pushAccountCap(from, cap);
    }

    /// @inheritdoc IEpochParameters
    function scheduleAccelerationBound(Epoch from, uint64 bound) external restricted {
        _checkFrom(from);
        _pushAccelerationBound(from, bound);
    }

    /// @inheritdoc IEpochParameters
    function scheduleChallenge(Epoch from, uint32 window, uint128 bond) external restricted {
        _checkFrom(from);
        _pushChallenge(from, window, bond, CURVE.EPOCH_LENGTH());
    }

    /* VIEWS */

    /// @inheritdoc IEpochParameters
    function recordAt(Epoch epoch) external view returns (EpochRecord memory record, PriceReason priceReason) {
        record.epoch = epoch;
        record.start = CURVE.startOf(epoch);
        record.end = CURVE.endOf(epoch);

        record.budget = CURVE.budgetOf(epoch);
        (record.tasks, record.weights, record.minScores, record.policyHash) = REGISTRY.tasksAt(epoch);
        record.reserve = RESERVE.parametersAt(epoch);
        (record.foundation, record.foundationShare) = foundationAt(epoch);
        record.accountCap = accountCapAt(epoch);
        record.accelerationBound = accelerationBoundAt(epoch);
        (record.cohortEnd, record.duration) = VAULT.cohortOf(epoch);
        (record.window, record.bond) = challengeAt(epoch);
        priceReason = PriceReason.GraceOver;
        if (block.timestamp < record.end + PRICE_GRACE) {
            (record.price, priceReason) = RESERVE.readPrice(epoch, record.start, record.end);
        }
    }

    /// @inheritdoc IEpochParameters
    function foundationAt(Epoch epoch) public view returns (address foundation, uint64 share) {
        uint256 word = _foundations.at(epoch);
        // The casts take the fields apart again.
        return (address(uint160(word >> 64)), uint64(word));
    }

    /// @inheritdoc IEpochParameters
    function accountCapAt(Epoch epoch) public view returns (uint64) {
        return uint64(_accountCaps.at(epoch));
    }

    /// @inheritdoc IEpochParameters
    function accelerationBoundAt(Epoch epoch) public view returns (uint64) {
        return uint64(_accelerationBounds.at(epoch));
    }

    /// @inheritdoc IEpochParameters
    function challengeAt(Epoch epoch) public view returns (uint32 window, uint128 bond) {
        uint256 word = _challenges.at(epoch);
        // The casts take the fields apart again.
        return (uint32(word >> 128), uint128(word));
    }

    /* INTERNAL */

    function _checkFrom(Epoch from) private view {
        uint40 start = CURVE.startOf(from);
        uint40 present = uint40(block.timestamp);
        require(start > present, EpochParameters_EpochStarted(from, start, present));
        uint40 first = CURVE.START();
        uint40 latest = (present > first ? present : first) + MAX_LEAD;
        require(start <= latest, EpochParameters_TooFarAhead(from, start, latest));
    }

    function _pushFoundation(Epoch from, address foundation, uint64 share) private {
        require(share < WAD / 2, EpochParameters_ShareOutOfBounds(share, WAD / 2 - 1));
        require(share == 0 || foundation != address(0), EpochParameters_FoundationZero());
        // 160 bits and 64 make the history's 224.
        uint256 old = _foundations.push(from, uint224((uint256(uint160(foundation)) << 64) | share));
        emit FoundationScheduled(from, address(uint160(old >> 64)), uint64(old), foundation, share);
    }

    function _pushAccountCap(Epoch from, uint64 cap) private {
        require(cap >= MIN_ACCOUNT_CAP && cap <= WAD, EpochParameters_CapOutOfBounds(cap, MIN_ACCOUNT_CAP, WAD));
        uint64 old = uint64(_accountCaps.push(from, cap));
        emit AccountCapScheduled(from, old, cap);
    }

    function _pushAccelerationBound(Epoch from, uint64 bound) private {
        require(bound <= WAD, EpochParameters_AccelerationOutOfBounds(bound, WAD));
        uint64 old = uint64(_accelerationBounds.push(from, bound));
        emit AccelerationBoundScheduled(from, old, bound);
    }

    function _pushChallenge(Epoch from, uint32 window, uint128 bond, uint40 epochLength) private {
        uint256 longest = epochLength / 2;
        require(
            window >= MIN_WINDOW && window <= longest,
            EpochParameters_WindowOutOfBounds(window, MIN_WINDOW, longest)
        );
        require(bond >= MIN_BOND && bond <= MAX_BOND, EpochParameters_BondOutOfBounds(bond, MIN_BOND, MAX_BOND));
        uint256 old = _challenges.push(from, uint224((uint256(window) << 128) | bond));
        emit ChallengeScheduled(from, uint32(old >> 128), uint128(old), window, bond);
    }
}
