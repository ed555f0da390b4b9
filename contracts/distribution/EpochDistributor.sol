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
import {ProposalBook} from "./ProposalBook.sol";
import {SettlementArithmetic} from "./SettlementArithmetic.sol";
import {EpochState, IEpochDistributor} from "./interfaces/IEpochDistributor.sol";
import {EpochRecord, IEpochParameters} from "./interfaces/IEpochParameters.sol";
import {Demand, Proposal, ProposalState} from "./interfaces/IProposalBook.sol";
import {ISettlementArithmetic, Outcome, Settlement} from "./interfaces/ISettlementArithmetic.sol";
import {Dispute, Fault, ISettlementVerifier, LeafAnswer} from "./interfaces/ISettlementVerifier.sol";

/// @title EpochDistributor
contract EpochDistributor is IEpochDistributor, ProposalBook {
    using Checkpoints for Checkpoints.Trace208;
    using SafeCast for uint256;
    using VestingCurve for Curve;

    /// @inheritdoc IEpochDistributor
    IMiningToken public immutable TOKEN;
    /// @inheritdoc IEpochDistributor
    IEpochParameters public immutable PARAMETERS;
    /// @inheritdoc IEpochDistributor
    IStabilizationReserve public immutable RESERVE;
    /// @inheritdoc IEpochDistributor
    IVestingVault public immutable VAULT;
    /// @inheritdoc IEpochDistributor
    ISettlementArithmetic public immutable ARITHMETIC;

    /// @inheritdoc IEpochDistributor
    Epoch public nextToClose;
    /// @inheritdoc IEpochDistributor
    Epoch public nextToFinalise;

    /// @inheritdoc IEpochDistributor
    mapping(Epoch epoch => bytes32 recordHash) public recordHashOf;
    /// By time: what vault and reserve had booked.
    Checkpoints.Trace208 private _locked;

    /// @param initialAuthority The access manager.
    /// @param token The token, which this contract alone mints.
    /// @param parameters The parameters, which also name reserve and vault.
    /// @param treasury Who gets what is taken from bonds: the timelock.
    /// @param firstVerifier Who judges proofs, until governance has announced another and that acts.
    constructor(
        address initialAuthority,
        IMiningToken token,
        IEpochParameters parameters,
        address treasury,
        ISettlementVerifier firstVerifier
    ) AccessManaged(initialAuthority) ProposalBook(treasury, firstVerifier) {
        TOKEN = token;
        PARAMETERS = parameters;
        RESERVE = parameters.RESERVE();
        VAULT = parameters.VAULT();
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
        uint256 demands = proposal.openDemands;
        require(demands == 0, EpochDistributor_DemandsOpen(demands));
        _checkRecord(record);
        uint256 reserve = RESERVE.reserve();
        _checkSettlement(epoch, settlement, proposal, reserve, VAULT.totalCurveHash());

        Outcome memory outcome = ARITHMETIC.outcomeOf(record, settlement, reserve);
        nextToFinalise = epoch.next();
        _final(proposalId);
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
    function disprove(
        EpochRecord memory record,
        Settlement memory settlement,
        Fault fault,
        bytes calldata proof
    ) external {
        Epoch epoch = record.epoch;
        uint256 proposalId = _pending(epoch);
        Proposal storage proposal = _proposals[proposalId];
        _checkRecord(record);
        (bytes32 parentRoot, uint32 parentLeafCount) = _parentOf(epoch);
        Dispute memory dispute = Dispute({
            record: record,
            settlement: settlement,
            parentRoot: parentRoot,
            parentLeafCount: parentLeafCount,
            reserve: RESERVE.reserve(),
            total: VAULT.totalCurve(),
            forbidden: [address(TOKEN), address(VAULT), address(RESERVE), address(this)]
        });
        _checkSettlement(epoch, settlement, proposal, dispute.reserve, dispute.total.hash());
        // A static call: whatever the verifier is, it changes nothing here or elsewhere.
        require(proposal.verifier.proves(dispute, fault, proof), EpochDistributor_NotProven(fault));
        emit ProposalDisproved(epoch, proposalId, msg.sender, fault);
        _disproved(proposalId, msg.sender);
    }

    /// @inheritdoc IEpochDistributor
    function answer(Settlement memory settlement, uint32 index, LeafAnswer calldata shown) external {
        Epoch epoch = nextToFinalise;
        uint256 proposalId = _pending(epoch);
        Proposal storage proposal = _proposals[proposalId];
        Demand storage demanded = _openDemand(proposalId, index);
        uint40 deadline = demanded.deadline;
        require(block.timestamp < deadline, EpochDistributor_AnswerOver(block.timestamp, deadline));
        _checkSettlement(epoch, settlement, proposal, RESERVE.reserve(), VAULT.totalCurveHash());
        require(proposal.verifier.opens(settlement, index, shown), EpochDistributor_AnswerRefused(index));
        uint40 until = _answered(proposalId, demanded);
        emit LeafAnswered(proposalId, index, msg.sender, until, shown);
    }

    /// @inheritdoc IEpochDistributor
    function recordLocked() external returns (uint256) {
        return _recordLocked();
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
        uint40 until = suspendedUntil(msg.sender);
        require(block.timestamp >= until, EpochDistributor_OperatorSuspended(msg.sender, until));
        require(msg.value == record.bond, EpochDistributor_BondMismatch(msg.value, record.bond));
        _checkRecord(record);
        uint256 reserve = RESERVE.reserve();
        Curve memory total = VAULT.totalCurve();
        bytes32 current = _basis(epoch, reserve, total.hash());
        require(basis == current, EpochDistributor_BasisMismatch(basis, current));
        ARITHMETIC.check(record, settlement, reserve, total);

        until = uint40(block.timestamp) + record.window;
        proposalId = _enter(
            Proposal({
                epoch: epoch,
                operator: msg.sender,
                state: ProposalState.Pending,
                until: until,
                window: record.window,
                rulingUntil: 0,
                demandUntil: _demandsUntil(until, record.window),
                openDemands: 0,
                bond: record.bond,
                verifier: verifier(),
                leafCount: settlement.leafCount,
                settlementHash: _settlementHash(basis, settlement)
            })
        );
        emit SettlementProposed(epoch, proposalId, msg.sender, basis, until, record.bond, settlement);
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

    /// @inheritdoc ILockedSupply
    function lockedAt(uint48 time) external view returns (uint256) {
        require(time < block.timestamp, LockedSupply_NotPast(time, block.timestamp));
        return _locked.upperLookupRecent(time);
    }

    /* INTERNAL */

    /// The pending proposal, which must be of `epoch`.
    function _pending(Epoch epoch) private view returns (uint256 proposalId) {
        proposalId = pendingProposal;
        require(proposalId != 0 && epoch == nextToFinalise, EpochDistributor_NothingProposed(epoch));
    }

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

    /// The tree before an epoch's; none before the first.
    function _parentOf(Epoch epoch) private view returns (bytes32 root, uint32 leafCount) {
        if (epoch.number() != 0) (root, leafCount) = VAULT.rootOf(Epoch.wrap(epoch.number() - 1));
    }

    function _basis(Epoch epoch, uint256 reserve, bytes32 totalCurveHash) private view returns (bytes32) {
        (bytes32 parentRoot, ) = _parentOf(epoch);
        return keccak256(abi.encode(recordHashOf[epoch], parentRoot, reserve, totalCurveHash));
    }

    function _checkRecord(EpochRecord memory record) private view {
        bytes32 given = keccak256(abi.encode(record));
        bytes32 stored = recordHashOf[record.epoch];
        require(given == stored, EpochDistributor_RecordMismatch(given, stored));
    }

    function _checkSettlement(
        Epoch epoch,
        Settlement memory settlement,
        Proposal storage proposal,
        uint256 reserve,
        bytes32 totalCurveHash
    ) private view {
        bytes32 given = _settlementHash(_basis(epoch, reserve, totalCurveHash), settlement);
        bytes32 proposed = proposal.settlementHash;
        require(given == proposed, EpochDistributor_SettlementMismatch(given, proposed));
    }

    function _settlementHash(bytes32 basis, Settlement memory settlement) private pure returns (bytes32) {
        return keccak256(abi.encode(basis, settlement));
    }
}
