// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IEmissionCurve} from "../emission/interfaces/IEmissionCurve.sol";
import {EpochHistory} from "../libraries/EpochHistory.sol";
import {Epoch} from "../types/Epoch.sol";
import {IStabilizationReserve, PriceReason, ReserveParameters} from "./interfaces/IStabilizationReserve.sol";
import {PriceRead} from "./libraries/PriceRead.sol";

/// @title StabilizationReserve
/// @notice Custody and books of what was not paid out, and the bounded question for a price. The manual is its interface.
contract StabilizationReserve is AccessManaged, IStabilizationReserve {
    using EpochHistory for EpochHistory.History;
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    uint256 private constant WAD = 1e18;

    /// @dev A factor over 1 would pay out more than the budget for participation alone.
    uint256 private constant MAX_A = 1e18;

    /// @dev Steeper than this the curve is a step: one participant more goes from 0 to all.
    uint256 private constant MAX_B = 10e18;

    /// @dev More participants than a settlement can count (2^32), and then some.
    uint256 private constant MAX_C = 1e12 * WAD;

    /// @dev At 1 a price at a third of the reference doubles the payout.
    uint256 private constant MAX_ALPHA = 1e18;

    /// @inheritdoc IStabilizationReserve
    /// @dev At most half the reserve in one epoch.
    uint32 public constant MIN_SMOOTHING = 2;

    /// @inheritdoc IStabilizationReserve
    /// @dev Ten years of daily epochs: slower would mean never.
    uint32 public constant MAX_SMOOTHING = 3650;

    /// @inheritdoc IStabilizationReserve
    uint40 public constant MAX_LEAD = 366 days;

    /// @inheritdoc IStabilizationReserve
    uint256 public constant PRICE_READ_GAS = PriceRead.GAS;

    /// @inheritdoc IStabilizationReserve
    IERC20 public immutable TOKEN;

    /// @inheritdoc IStabilizationReserve
    IEmissionCurve public immutable CURVE;

    /// @dev S and what waits to join it, in one slot.
    uint128 private _reserve;
    uint128 private _pending;

    /// @inheritdoc IStabilizationReserve
    address public distributor;

    /// @inheritdoc IStabilizationReserve
    mapping(address account => bool registered) public isPool;

    /// @dev Parameters by number; `_history` says which number an epoch has. The first ones apply to epoch 0.
    ReserveParameters[] private _parameters;
    EpochHistory.History private _history;

    /// @param initialAuthority The access manager.
    /// @param token The token to hold.
    /// @param curve The emission curve, for its clock.
    /// @param firstParameters What applies from epoch 0 on.
    constructor(
        address initialAuthority,
        IERC20 token,
        IEmissionCurve curve,
        ReserveParameters memory firstParameters
    ) AccessManaged(initialAuthority) {
        TOKEN = token;
        CURVE = curve;

        _checkParameters(firstParameters);
        ReserveParameters memory none;
        _parameters.push(firstParameters);
        _history.push(Epoch.wrap(0), 0);
        emit ParametersScheduled(Epoch.wrap(0), none, firstParameters);
    }

    /* ------------------------------------------------------------------------------------------------------------ */
    /* POOLS                                                                                                        */
    /* ------------------------------------------------------------------------------------------------------------ */

    /// @inheritdoc IStabilizationReserve
    function deposit(uint256 amount) external {
        require(isPool[msg.sender], StabilizationReserve_NotPool(msg.sender));
        require(amount != 0, StabilizationReserve_DepositZero());

        uint256 oldPending = _pending;
        uint128 newPending = (oldPending + amount).toUint128();
        _pending = newPending;
        emit Deposited(msg.sender, amount, oldPending, newPending);

        TOKEN.safeTransferFrom(msg.sender, address(this), amount);
    }

    /* ------------------------------------------------------------------------------------------------------------ */
    /* DISTRIBUTOR                                                                                                  */
    /* ------------------------------------------------------------------------------------------------------------ */

    /// @inheritdoc IStabilizationReserve
    function settle(uint256 withheld, uint256 injected, address recipient) external returns (uint256 newReserve) {
        require(msg.sender == distributor, StabilizationReserve_NotDistributor(msg.sender, distributor));
        require(withheld == 0 || injected == 0, StabilizationReserve_BothWays(withheld, injected));

        uint256 oldReserve = _reserve;
        uint256 joined = _pending;
        uint256 maximum = oldReserve / MIN_SMOOTHING;
        require(injected <= maximum, StabilizationReserve_InjectionTooHigh(injected, maximum));

        newReserve = oldReserve + withheld - injected + joined;
        (_reserve, _pending) = (newReserve.toUint128(), 0);
        emit ReserveSettled(withheld, injected, joined, oldReserve, newReserve);

        if (injected != 0) TOKEN.safeTransfer(recipient, injected);

        // The books never show more than what is there; what is there beyond them is a donation that nobody asked for.
        uint256 balance = TOKEN.balanceOf(address(this));
        require(balance >= newReserve, StabilizationReserve_BalanceTooLow(balance, newReserve));
    }

    /* ------------------------------------------------------------------------------------------------------------ */
    /* GOVERNANCE                                                                                                   */
    /* ------------------------------------------------------------------------------------------------------------ */

    /// @inheritdoc IStabilizationReserve
    function setDistributor(address newDistributor) external restricted {
        require(distributor == address(0), StabilizationReserve_DistributorAlreadySet(distributor));
        require(newDistributor != address(0), StabilizationReserve_DistributorZero());

        distributor = newDistributor;
        emit DistributorSet(newDistributor);
    }

    /// @inheritdoc IStabilizationReserve
    function registerPool(address pool) external restricted {
        require(pool != address(0), StabilizationReserve_PoolZero());
        require(!isPool[pool], StabilizationReserve_PoolExists(pool));

        isPool[pool] = true;
        emit PoolRegistered(pool);
    }

    /// @inheritdoc IStabilizationReserve
    function scheduleParameters(Epoch from, ReserveParameters calldata newParameters) external restricted {
        _checkFrom(from);
        _checkParameters(newParameters);

        uint256 last = _parameters.length - 1;
        emit ParametersScheduled(from, _parameters[last], newParameters);
        if (lastChange() == from) {
            _parameters[last] = newParameters;
        } else {
            _parameters.push(newParameters);
            // Fits: there are fewer changes than epochs.
            _history.push(from, uint224(last + 1));
        }
    }

    /* ------------------------------------------------------------------------------------------------------------ */
    /* VIEWS                                                                                                        */
    /* ------------------------------------------------------------------------------------------------------------ */

    /// @inheritdoc IStabilizationReserve
    function parametersAt(Epoch epoch) public view returns (ReserveParameters memory) {
        return _parameters[_history.at(epoch)];
    }

    /// @inheritdoc IStabilizationReserve
    function readPrice(
        Epoch epoch,
        uint40 start,
        uint40 end
    ) external view returns (uint256 price, PriceReason reason) {
        ReserveParameters storage parameters = _parameters[_history.at(epoch)];
        if (!parameters.hasLaw || parameters.alpha == 0) return (0, PriceReason.NotNeeded);
        return PriceRead.read(parameters.priceSource, start, end);
    }

    /// @inheritdoc IStabilizationReserve
    function reserve() external view returns (uint256) {
        return _reserve;
    }

    /// @inheritdoc IStabilizationReserve
    function pending() external view returns (uint256) {
        return _pending;
    }

    /// @inheritdoc IStabilizationReserve
    function lastChange() public view returns (Epoch from) {
        (, from) = _history.lastFrom();
    }

    /* ------------------------------------------------------------------------------------------------------------ */
    /* INTERNAL                                                                                                     */
    /* ------------------------------------------------------------------------------------------------------------ */

    /// @dev A change must lie ahead, in order, and not absurdly far ahead.
    function _checkFrom(Epoch from) private view {
        uint40 start = CURVE.startOf(from);
        // Fits: a clock that shows more than 40 bits has left all epochs behind.
        uint40 present = uint40(block.timestamp);
        require(present < start, StabilizationReserve_EpochStarted(from, start, present));

        uint40 latest = uint40(Math.max(present, CURVE.START())) + MAX_LEAD;
        require(start <= latest, StabilizationReserve_TooFarAhead(from, start, latest));

        Epoch last = lastChange();
        require(from >= last, StabilizationReserve_BeforeLastChange(from, last));
    }

    /// @dev The bounds that hold even against governance. Without a law, what only the law uses may be 0.
    function _checkParameters(ReserveParameters memory p) private pure {
        uint256 floor = p.hasLaw ? 1 : 0;
        _checkRange("a", p.a, floor, MAX_A);
        _checkRange("b", p.b, floor, MAX_B);
        _checkRange("c", p.c, 0, MAX_C);
        _checkRange("alpha", p.alpha, 0, MAX_ALPHA);
        _checkRange("priceRef", p.priceRef, floor, type(uint128).max);
        _checkRange("smoothing", p.smoothing, MIN_SMOOTHING, MAX_SMOOTHING);
        // rho * T <= 1: what comes back in an epoch is never more than what may leave.
        _checkRange("rho", p.rho, 0, WAD / p.smoothing);
    }

    function _checkRange(bytes32 parameter, uint256 value, uint256 minimum, uint256 maximum) private pure {
        require(
            value >= minimum && value <= maximum,
            StabilizationReserve_OutOfRange(parameter, value, minimum, maximum)
        );
    }
}
