// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";

import {IStabilizationReserve, PriceReason} from "../reserve/interfaces/IStabilizationReserve.sol";
import {ILockedSupply} from "../token/interfaces/ILockedSupply.sol";
import {IMiningToken} from "../token/interfaces/IMiningToken.sol";
import {Epoch} from "../types/Epoch.sol";
import {Grant, IVestingVault} from "../vesting/interfaces/IVestingVault.sol";
import {Curve, VestingCurve} from "../vesting/libraries/VestingCurve.sol";
import {SettlementArithmetic} from "./SettlementArithmetic.sol";
import {EpochState, IEpochDistributor, Proposal, ProposalState} from "./interfaces/IEpochDistributor.sol";
import {EpochRecord, IEpochParameters} from "./interfaces/IEpochParameters.sol";
import {ISettlementArithmetic, Outcome, Settlement} from "./interfaces/ISettlementArithmetic.sol";

/// @title EpochDistributor
contract EpochDistributor is IEpochDistributor, AccessManaged {
    using Checkpoints for Checkpoints.Trace208;
    using SafeCast for uint256;
    using VestingCurve for Curve;

    /// Why an operator may not propose: until when, and the proposal it was for.
    struct Suspension {
        uint40 until;
        uint64 proposalId;
    }

    /// @inheritdoc IEpochDistributor
    uint40 public constant RULING_TIME = 30 days;
    /// @inheritdoc IEpochDistributor
    uint40 public constant PAUSE = 7 days;
    /// @inheritdoc IEpochDistributor
    /// @dev As long as the pause: a guardian can stop the clock for half of the time at most.
    uint40 public constant PAUSE_COOLDOWN = 7 days;
    /// Suspended until governance readmits the operator.
    uint40 private constant FOREVER = type(uint40).max;

    /// @inheritdoc IEpochDistributor
    IMiningToken public immutable TOKEN;
    /// @inheritdoc IEpochDistributor
    IEpochParameters public immutable PARAMETERS;
    /// @inheritdoc IEpochDistributor
    IStabilizationReserve public immutable RESERVE;
    /// @inheritdoc IEpochDistributor
    IVestingVault public immutable VAULT;
    /// @inheritdoc IEpochDistributor
    address public immutable TREASURY;
    /// @inheritdoc IEpochDistributor
    ISettlementArithmetic public immutable ARITHMETIC;

    /// @inheritdoc IEpochDistributor
    Epoch public nextToClose;
    /// @inheritdoc IEpochDistributor
    Epoch public nextToFinalise;
    /// @inheritdoc IEpochDistributor
    uint40 public pausedUntil;
    /// @inheritdoc IEpochDistributor
    uint64 public proposalCount;
    /// @inheritdoc IEpochDistributor
    uint64 public pendingProposal;

    /// @inheritdoc IEpochDistributor
    mapping(Epoch epoch => bytes32 recordHash) public recordHashOf;
    mapping(uint256 proposalId => Proposal proposal) private _proposals;
    mapping(address operator => Suspension suspension) private _suspensions;
    /// @inheritdoc IEpochDistributor
    mapping(address account => uint256 credit) public bondCreditOf;
    /// By time: what vault and reserve had booked.
    Checkpoints.Trace208 private _locked;

    /// @param initialAuthority The access manager.
    /// @param token The token, which this contract alone mints.
    /// @param parameters The parameters, which also name reserve and vault.
    /// @param treasury Who gets what is taken from bonds: the timelock.
    constructor(
        address initialAuthority,
        IMiningToken token,
        IEpochParameters parameters,
        address treasury
    ) AccessManaged(initialAuthority) {
        require(treasury != address(0), EpochDistributor_TreasuryZero());
        TOKEN = token;
        PARAMETERS = parameters;
        RESERVE = parameters.RESERVE();
        VAULT = parameters.VAULT();
        TREASURY = treasury;
        ARITHMETIC = new SettlementArithmetic();
        _recordLocked();
    }

    /* ANYONE */

    /// @inheritdoc IEpochDistributor
    function closeEpoch() external returns (Epoch epoch) {
        epoch = nextToClose;
        (EpochRecord memory record, PriceReason priceReason) = PARAMETERS.recordAt(epoch);
        require(block.timestamp >= record.end, EpochDistributor_EpochNotOver(epoch, block.timestamp, record.end));

        bytes32 recordHash = keccak256(abi.encode(record));
        nextToClose = epoch.next();
        recordHashOf[epoch] = recordHash;
        emit EpochClosed(epoch, recordHash, priceReason, record);
    }

    /// @inheritdoc IEpochDistributor
    function finalise(EpochRecord memory record, Settlement memory settlement) external {
        Epoch epoch = record.epoch;
        uint256 proposalId = _pending(epoch);
        Proposal storage proposal = _proposals[proposalId];
        require(block.timestamp >= proposal.until, EpochDistributor_WindowOpen(block.timestamp, proposal.until));
        _checkRecord(record);
        uint256 reserve = RESERVE.reserve();
        bytes32 basis = _basis(epoch, reserve, VAULT.totalCurveHash());
        _checkSettlement(basis, settlement, proposal.settlementHash);

        Outcome memory outcome = ARITHMETIC.outcomeOf(record, settlement, reserve);
        nextToFinalise = epoch.next();
        pendingProposal = 0;
        proposal.state = ProposalState.Final;
        _credit(proposalId, proposal.operator, proposal.bond);
        emit EpochFinalised(
            epoch,
            proposalId,
            settlement.root,
            record.budget,
            outcome.payout,
            outcome.granted,
            outcome.foundationGranted,
            outcome.withheld,
            outcome.injected,
            outcome.reasons
        );

        _hand(record, settlement, outcome);
        _recordLocked();
    }

    /// @inheritdoc IEpochDistributor
    function recordLocked() external returns (uint256) {
        return _recordLocked();
    }

    /// @inheritdoc IEpochDistributor
    function releaseBond(uint256 proposalId) external {
        Proposal storage proposal = _vetoed(proposalId);
        uint40 until = proposal.rulingUntil;
        require(block.timestamp >= until, EpochDistributor_RulingOpen(block.timestamp, until));
        _returnBond(proposalId, proposal);
    }

    /// @inheritdoc IEpochDistributor
    function withdrawBond(address account) external returns (uint256 amount) {
        amount = bondCreditOf[account];
        require(amount != 0, EpochDistributor_NothingOwed(account));
        bondCreditOf[account] = 0;
        emit BondWithdrawn(account, amount);

        (bool taken, ) = account.call{value: amount}("");
        require(taken, EpochDistributor_PaymentRefused(account, amount));
    }

    /* OPERATORS */

    /// @inheritdoc IEpochDistributor
    function propose(
        EpochRecord memory record,
        Settlement memory settlement,
        bytes32 basis
    ) external payable restricted returns (uint256 proposalId) {
        Epoch epoch = record.epoch;
        require(epoch == nextToFinalise, EpochDistributor_NotNext(epoch, nextToFinalise));
        require(epoch < nextToClose, EpochDistributor_EpochNotClosed(epoch));
        require(pendingProposal == 0, EpochDistributor_AlreadyProposed(epoch, pendingProposal));
        require(block.timestamp >= pausedUntil, EpochDistributor_ProposalsPaused(block.timestamp, pausedUntil));
        // An allowed call through the access manager would carry its address: no suspension, and a bond that nobody gets.
        require(msg.sender != authority(), EpochDistributor_OperatorIndirect(msg.sender));
        uint40 until = _suspensions[msg.sender].until;
        require(block.timestamp >= until, EpochDistributor_OperatorSuspended(msg.sender, until));
        require(msg.value == record.bond, EpochDistributor_BondMismatch(msg.value, record.bond));
        _checkRecord(record);
        uint256 reserve = RESERVE.reserve();
        Curve memory total = VAULT.totalCurve();
        bytes32 current = _basis(epoch, reserve, total.hash());
        require(basis == current, EpochDistributor_BasisMismatch(basis, current));
        ARITHMETIC.check(record, settlement, reserve, total);

        until = uint40(block.timestamp) + record.window;
        proposalId = ++proposalCount;
        // Just counted, in 64 bits.
        pendingProposal = uint64(proposalId);
        _proposals[proposalId] = Proposal({
            epoch: epoch,
            operator: msg.sender,
            state: ProposalState.Pending,
            until: until,
            window: record.window,
            rulingUntil: 0,
            bond: record.bond,
            settlementHash: _settlementHash(basis, settlement)
        });
        emit SettlementProposed(epoch, proposalId, msg.sender, basis, until, record.bond, settlement);
    }

    /* GUARDIAN */

    /// @inheritdoc IEpochDistributor
    function veto(uint256 proposalId, string calldata reason) external restricted {
        uint256 pending = pendingProposal;
        require(proposalId != 0 && proposalId == pending, EpochDistributor_NotPending(proposalId, pending));
        Proposal storage proposal = _drop(proposalId, ProposalState.Vetoed);
        uint40 until = uint40(block.timestamp) + RULING_TIME;
        proposal.rulingUntil = until;
        emit ProposalVetoed(proposal.epoch, proposalId, until, reason);
        _suspend(proposal.operator, proposalId, until);
    }

    /// @inheritdoc IEpochDistributor
    function pauseProposals() external restricted {
        uint40 present = uint40(block.timestamp);
        uint40 earliest = pausedUntil + PAUSE_COOLDOWN;
        require(present >= earliest, EpochDistributor_PauseTooSoon(present, earliest));

        pausedUntil = present + PAUSE;
        uint256 proposalId = pendingProposal;
        Proposal storage proposal = _proposals[proposalId];
        uint40 windowUntil = proposal.until;
        // A window that is over is not opened again: whoever may finalise keeps that right.
        if (windowUntil > present) {
            windowUntil += PAUSE;
            proposal.until = windowUntil;
        }
        emit ProposalsPaused(present + PAUSE, proposalId, windowUntil);
    }

    /* GOVERNANCE */

    /// @inheritdoc IEpochDistributor
    function ruleVeto(uint256 proposalId, bool upheld) external restricted {
        Proposal storage proposal = _vetoed(proposalId);
        uint40 until = proposal.rulingUntil;
        require(block.timestamp < until, EpochDistributor_RulingOver(block.timestamp, until));
        emit VetoRuled(proposalId, upheld);
        if (upheld) {
            proposal.state = ProposalState.Forfeited;
            _credit(proposalId, TREASURY, proposal.bond);
            _suspend(proposal.operator, proposalId, FOREVER);
        } else {
            _returnBond(proposalId, proposal);
        }
    }

    /// @inheritdoc IEpochDistributor
    function readmit(address operator) external restricted {
        require(suspended(operator), EpochDistributor_OperatorNotSuspended(operator));
        _readmit(operator);
    }

    /* VIEWS */

    /// @inheritdoc IEpochDistributor
    function stateOf(Epoch epoch) external view returns (EpochState) {
        if (epoch < nextToFinalise) return EpochState.Final;
        if (epoch >= nextToClose) return EpochState.Open;
        return epoch == nextToFinalise && pendingProposal != 0 ? EpochState.Proposed : EpochState.Closed;
    }

    /// @inheritdoc IEpochDistributor
    function basisOf(Epoch epoch) external view returns (bytes32) {
        require(epoch == nextToFinalise, EpochDistributor_NotNext(epoch, nextToFinalise));
        require(epoch < nextToClose, EpochDistributor_EpochNotClosed(epoch));
        return _basis(epoch, RESERVE.reserve(), VAULT.totalCurveHash());
    }

    /// @inheritdoc IEpochDistributor
    function proposalOf(uint256 proposalId) external view returns (Proposal memory) {
        return _proposals[proposalId];
    }

    /// @inheritdoc ILockedSupply
    function lockedAt(uint48 time) external view returns (uint256) {
        require(time < block.timestamp, LockedSupply_NotPast(time, block.timestamp));
        return _locked.upperLookupRecent(time);
    }

    /// @inheritdoc IEpochDistributor
    function suspended(address operator) public view returns (bool) {
        return block.timestamp < _suspensions[operator].until;
    }

    /// @inheritdoc IEpochDistributor
    function suspendedUntil(address operator) external view returns (uint40) {
        return _suspensions[operator].until;
    }

    /* INTERNAL: PROPOSALS */

    /// The one place where a proposal falls back: its epoch is closed again, and its bond waits for what `state` says.
    function _drop(uint256 proposalId, ProposalState state) private returns (Proposal storage proposal) {
        proposal = _proposals[proposalId];
        proposal.state = state;
        pendingProposal = 0;
    }

    /// The one place where money for anyone is booked; it leaves in {withdrawBond}.
    function _credit(uint256 proposalId, address account, uint256 amount) private {
        bondCreditOf[account] += amount;
        emit BondCredited(proposalId, account, amount);
    }

    /// Gives a vetoed proposal's bond back, and readmits its operator unless something else suspends him.
    function _returnBond(uint256 proposalId, Proposal storage proposal) private {
        proposal.state = ProposalState.Returned;
        address operator = proposal.operator;
        _credit(proposalId, operator, proposal.bond);
        if (_suspensions[operator].proposalId == proposalId) _readmit(operator);
    }

    /// Never shortens a suspension.
    function _suspend(address operator, uint256 proposalId, uint40 until) private {
        if (until <= _suspensions[operator].until) return;
        // Proposals are counted in 64 bits.
        _suspensions[operator] = Suspension({until: until, proposalId: uint64(proposalId)});
        emit OperatorSuspended(operator, proposalId, until);
    }

    function _readmit(address operator) private {
        delete _suspensions[operator];
        emit OperatorReadmitted(operator);
    }

    /// The pending proposal, which must be of `epoch`.
    function _pending(Epoch epoch) private view returns (uint256 proposalId) {
        proposalId = pendingProposal;
        require(proposalId != 0 && epoch == nextToFinalise, EpochDistributor_NothingProposed(epoch));
    }

    function _vetoed(uint256 proposalId) private view returns (Proposal storage proposal) {
        proposal = _proposals[proposalId];
        require(proposal.state == ProposalState.Vetoed, EpochDistributor_NotVetoed(proposalId, proposal.state));
    }

    /* INTERNAL: SETTLEMENT */

    /// The one place where an epoch's money comes into being: exactly the budget, split between vault and reserve.
    function _hand(EpochRecord memory record, Settlement memory settlement, Outcome memory outcome) private {
        VAULT.settle(
            Grant({
                epoch: record.epoch,
                end: record.end,
                root: settlement.root,
                leafCount: settlement.leafCount,
                granted: settlement.granted,
                foundationGranted: outcome.foundationGranted.toUint128(),
                foundation: record.foundation,
                accelerated: settlement.accelerated,
                cohortEnd: record.cohortEnd,
                duration: record.duration
            })
        );
        // At most the budget is withheld.
        uint256 minted = record.budget - outcome.withheld;
        if (minted != 0) TOKEN.mint(address(VAULT), minted);
        if (outcome.withheld != 0) TOKEN.mint(address(RESERVE), outcome.withheld);
        RESERVE.settle(outcome.withheld, outcome.injected, address(VAULT));
    }

    /// Both keep what they book, so that together it is never more than the supply.
    function _recordLocked() private returns (uint256 locked) {
        locked = VAULT.totalGranted() - VAULT.released() + RESERVE.reserve() + RESERVE.pending();
        (uint208 oldLocked, uint208 newLocked) = _locked.push(uint48(block.timestamp), locked.toUint208());
        emit LockedSupplyRecorded(oldLocked, newLocked);
    }

    function _basis(Epoch epoch, uint256 reserve, bytes32 totalCurveHash) private view returns (bytes32) {
        bytes32 parentRoot;
        if (epoch.number() != 0) (parentRoot, ) = VAULT.rootOf(Epoch.wrap(epoch.number() - 1));
        return keccak256(abi.encode(recordHashOf[epoch], parentRoot, reserve, totalCurveHash));
    }

    function _checkRecord(EpochRecord memory record) private view {
        bytes32 given = keccak256(abi.encode(record));
        bytes32 stored = recordHashOf[record.epoch];
        require(given == stored, EpochDistributor_RecordMismatch(given, stored));
    }

    function _checkSettlement(bytes32 basis, Settlement memory settlement, bytes32 proposed) private pure {
        bytes32 given = _settlementHash(basis, settlement);
        require(given == proposed, EpochDistributor_SettlementMismatch(given, proposed));
    }

    function _settlementHash(bytes32 basis, Settlement memory settlement) private pure returns (bytes32) {
        return keccak256(abi.encode(basis, settlement));
    }
}
