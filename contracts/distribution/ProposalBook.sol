// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {Demand, DemandState, IProposalBook, Proposal, ProposalState} from "./interfaces/IProposalBook.sol";
import {ISettlementVerifier} from "./interfaces/ISettlementVerifier.sol";

/// @title ProposalBook
/// @notice The distributor's proposals, their bonds and deposits, and who may not propose.
/// @dev Calls nobody but in {withdrawBond}, after everything is written.
abstract contract ProposalBook is IProposalBook, AccessManaged {
    /// Why an operator may not propose: until when, and the proposal it was for.
    struct Suspension {
        uint40 until;
        uint64 proposalId;
    }

    /// @inheritdoc IProposalBook
    uint40 public constant RULING_TIME = 30 days;
    /// @inheritdoc IProposalBook
    uint40 public constant PAUSE = 7 days;
    /// @inheritdoc IProposalBook
    /// @dev As long as the pause: a guardian can stop the clock for half of the time at most.
    uint40 public constant PAUSE_COOLDOWN = 7 days;
    /// @inheritdoc IProposalBook
    /// @dev A vote that it would take to stop a bad one fits into it twice.
    uint40 public constant VERIFIER_DELAY = 30 days;
    /// An answer is worth this part of the bond...
    uint256 private constant BOUNTY_PART = 32;
    /// ...and a demand as much, twice as much with each so many that are open.
    uint256 private constant DEPOSIT_STEP = 16;
    /// Demands end this part of the window before it does, and are answered within as much.
    uint32 private constant ANSWER_PART = 4;
    /// Suspended until governance readmits the operator.
    uint40 private constant FOREVER = type(uint40).max;

    /// @inheritdoc IProposalBook
    address public immutable TREASURY;

    /// @inheritdoc IProposalBook
    uint40 public pausedUntil;
    /// @inheritdoc IProposalBook
    uint64 public proposalCount;
    /// @inheritdoc IProposalBook
    uint64 public pendingProposal;
    /// Acts until {_nextVerifierFrom}.
    ISettlementVerifier private _verifier;
    ISettlementVerifier private _nextVerifier;
    uint40 private _nextVerifierFrom;

    mapping(uint256 proposalId => Proposal proposal) internal _proposals;
    mapping(uint256 proposalId => mapping(uint32 index => Demand demanded)) private _demands;
    mapping(address operator => Suspension suspension) private _suspensions;
    /// @inheritdoc IProposalBook
    mapping(address account => uint256 credit) public bondCreditOf;

    /// @param treasury Who gets what is taken from bonds: the timelock.
    /// @param firstVerifier Who judges proposals until another one is announced and acts.
    constructor(address treasury, ISettlementVerifier firstVerifier) {
        require(treasury != address(0), EpochDistributor_TreasuryZero());
        _checkVerifier(firstVerifier);
        TREASURY = treasury;
        // Since the beginning of time.
        _nextVerifier = firstVerifier;
        emit VerifierScheduled(address(0), address(firstVerifier), 0);
    }

    /* ANYONE */

    /// @inheritdoc IProposalBook
    function demand(uint256 proposalId, uint32 index) external payable {
        _checkPending(proposalId);
        Proposal storage proposal = _proposals[proposalId];
        uint40 last = proposal.demandUntil;
        require(block.timestamp <= last, EpochDistributor_DemandsOver(block.timestamp, last));
        require(index < proposal.leafCount, EpochDistributor_NoSuchLeaf(index, proposal.leafCount));
        Demand storage demanded = _demands[proposalId][index];
        require(demanded.state == DemandState.None, EpochDistributor_AlreadyDemanded(proposalId, index));
        uint256 deposit = demandDeposit(proposalId);
        require(msg.value >= deposit, EpochDistributor_DepositTooSmall(msg.value, deposit));

        uint40 deadline = uint40(block.timestamp) + _answerTime(proposal.window);
        ++proposal.openDemands;
        // Somebody sent it: far below 2^128.
        _demands[proposalId][index] = Demand(msg.sender, deadline, DemandState.Open, uint128(deposit));
        emit LeafDemanded(proposalId, index, msg.sender, deadline, deposit);
        if (msg.value > deposit) _credit(proposalId, msg.sender, msg.value - deposit);
    }

    /// @inheritdoc IProposalBook
    function disproveUnanswered(uint256 proposalId, uint32 index) external {
        _checkPending(proposalId);
        Demand storage demanded = _openDemand(proposalId, index);
        uint40 deadline = demanded.deadline;
        require(block.timestamp >= deadline, EpochDistributor_AnswerOpen(block.timestamp, deadline));
        address demander = demanded.demander;
        emit LeafUnanswered(_proposals[proposalId].epoch, proposalId, demander, index);
        _disproved(proposalId, demander);
        _returnDeposit(proposalId, demanded);
    }

    /// @inheritdoc IProposalBook
    function reclaimDeposit(uint256 proposalId, uint32 index) external {
        Demand storage demanded = _openDemand(proposalId, index);
        require(proposalId != pendingProposal, EpochDistributor_StillPending(proposalId));
        _returnDeposit(proposalId, demanded);
    }

    /// @inheritdoc IProposalBook
    function releaseBond(uint256 proposalId) external {
        Proposal storage proposal = _vetoed(proposalId);
        uint40 until = proposal.rulingUntil;
        require(block.timestamp >= until, EpochDistributor_RulingOpen(block.timestamp, until));
        _returnBond(proposalId, proposal);
    }

    /// @inheritdoc IProposalBook
    function withdrawBond(address account) external returns (uint256 amount) {
        amount = bondCreditOf[account];
        require(amount != 0, EpochDistributor_NothingOwed(account));
        bondCreditOf[account] = 0;
        emit BondWithdrawn(account, amount);

        (bool taken, ) = account.call{value: amount}("");
        require(taken, EpochDistributor_PaymentRefused(account, amount));
    }

    /* GUARDIAN */

    /// @inheritdoc IProposalBook
    function veto(uint256 proposalId, string calldata reason) external restricted {
        _checkPending(proposalId);
        Proposal storage proposal = _drop(proposalId, ProposalState.Vetoed);
        uint40 until = uint40(block.timestamp) + RULING_TIME;
        proposal.rulingUntil = until;
        emit ProposalVetoed(proposal.epoch, proposalId, until, reason);
        _suspend(proposal.operator, proposalId, until);
    }

    /// @inheritdoc IProposalBook
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
            proposal.demandUntil += PAUSE;
        }
        emit ProposalsPaused(present + PAUSE, proposalId, windowUntil);
    }

    /* GOVERNANCE */

    /// @inheritdoc IProposalBook
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

    /// @inheritdoc IProposalBook
    function readmit(address operator) external restricted {
        require(suspended(operator), EpochDistributor_OperatorNotSuspended(operator));
        _readmit(operator);
    }

    /// @inheritdoc IProposalBook
    function scheduleVerifier(ISettlementVerifier newVerifier) external restricted {
        _checkVerifier(newVerifier);
        ISettlementVerifier present = verifier();
        uint40 from = uint40(block.timestamp) + VERIFIER_DELAY;
        _verifier = present;
        _nextVerifier = newVerifier;
        _nextVerifierFrom = from;
        emit VerifierScheduled(address(present), address(newVerifier), from);
    }

    /* VIEWS */

    /// @inheritdoc IProposalBook
    function proposalOf(uint256 proposalId) external view returns (Proposal memory) {
        return _proposals[proposalId];
    }

    /// @inheritdoc IProposalBook
    function demandOf(uint256 proposalId, uint32 index) external view returns (Demand memory) {
        return _demands[proposalId][index];
    }

    /// @inheritdoc IProposalBook
    function demandDeposit(uint256 proposalId) public view returns (uint256) {
        Proposal storage proposal = _proposals[proposalId];
        return _bounty(proposal) * 2 ** (proposal.openDemands / DEPOSIT_STEP);
    }

    /// @inheritdoc IProposalBook
    function verifier() public view returns (ISettlementVerifier) {
        return verifierAt(uint40(block.timestamp));
    }

    /// @inheritdoc IProposalBook
    function verifierAt(uint40 time) public view returns (ISettlementVerifier) {
        return time >= _nextVerifierFrom ? _nextVerifier : _verifier;
    }

    /// @inheritdoc IProposalBook
    function nextVerifier() external view returns (ISettlementVerifier newVerifier, uint40 from) {
        return (_nextVerifier, _nextVerifierFrom);
    }

    /// @inheritdoc IProposalBook
    function suspended(address operator) public view returns (bool) {
        return block.timestamp < _suspensions[operator].until;
    }

    /// @inheritdoc IProposalBook
    function suspendedUntil(address operator) public view returns (uint40) {
        return _suspensions[operator].until;
    }

    /* INTERNAL: PROPOSALS */

    /// Enters a new proposal, which is pending from now on.
    function _enter(Proposal memory proposal) internal returns (uint256 proposalId) {
        proposalId = ++proposalCount;
        // Just counted, in 64 bits.
        pendingProposal = uint64(proposalId);
        _proposals[proposalId] = proposal;
    }

    /// When demands for a proposal end whose window does at `until`.
    function _demandsUntil(uint40 until, uint32 window) internal pure returns (uint40) {
        return until - _answerTime(window);
    }

    /// The pending proposal is final: it was right, or nobody has shown that it was not.
    function _final(uint256 proposalId) internal {
        Proposal storage proposal = _proposals[proposalId];
        proposal.state = ProposalState.Final;
        pendingProposal = 0;
        _credit(proposalId, proposal.operator, proposal.bond);
    }

    /// The pending proposal is proven wrong: it falls, its bond is shared out, its operator suspended without end.
    function _disproved(uint256 proposalId, address prover) internal {
        Proposal storage proposal = _drop(proposalId, ProposalState.Disproved);
        uint256 bond = proposal.bond;
        // Rounded down for the prover: an odd wei is the treasury's.
        uint256 reward = bond / 2;
        _credit(proposalId, prover, reward);
        _credit(proposalId, TREASURY, bond - reward);
        _suspend(proposal.operator, proposalId, FOREVER);
    }

    /// A demanded leaf was shown: leaves time to disprove what can be seen now. `until` never grows by more than a quarter of the
    /// window beyond where it stood, or where a pause has put it since: with q that quarter, a demand is made at `until - q` at
    /// the latest and answered less than q after it, that is before the first `until`; now + q is then before that + q.
    function _answered(uint256 proposalId, Demand storage demanded) internal returns (uint40 until) {
        Proposal storage proposal = _proposals[proposalId];
        until = proposal.until;
        uint40 least = uint40(block.timestamp) + _answerTime(proposal.window);
        if (until < least) {
            until = least;
            proposal.until = least;
        }
        _closeDemand(proposalId, demanded, DemandState.Answered);
        uint256 bounty = _bounty(proposal);
        _credit(proposalId, msg.sender, bounty);
        // Only held so that many demands at once need much coin: were it the answerer's, an operator who demands his own leaves
        // first could make others pay him more for a look than they win by a proof.
        uint256 rest = demanded.deposit - bounty;
        if (rest != 0) _credit(proposalId, demanded.demander, rest);
    }

    function _openDemand(uint256 proposalId, uint32 index) internal view returns (Demand storage demanded) {
        demanded = _demands[proposalId][index];
        DemandState state = demanded.state;
        require(state == DemandState.Open, EpochDistributor_DemandNotOpen(proposalId, index, state));
    }

    function _checkPending(uint256 proposalId) private view {
        uint256 pending = pendingProposal;
        require(proposalId != 0 && proposalId == pending, EpochDistributor_NotPending(proposalId, pending));
    }

    /// A demand without an answer whose proposal fell.
    function _returnDeposit(uint256 proposalId, Demand storage demanded) private {
        _closeDemand(proposalId, demanded, DemandState.Returned);
        _credit(proposalId, demanded.demander, demanded.deposit);
    }

    /// Whoever calls it credits exactly the deposit.
    function _closeDemand(uint256 proposalId, Demand storage demanded, DemandState state) private {
        demanded.state = state;
        --_proposals[proposalId].openDemands;
    }

    /// What an answer is worth: never more than any deposit for it.
    function _bounty(Proposal storage proposal) private view returns (uint256) {
        return proposal.bond / BOUNTY_PART;
    }

    function _answerTime(uint32 window) private pure returns (uint40) {
        return window / ANSWER_PART;
    }

    function _checkVerifier(ISettlementVerifier candidate) private view {
        require(address(candidate).code.length != 0, EpochDistributor_VerifierCodeless(address(candidate)));
    }

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

    function _vetoed(uint256 proposalId) private view returns (Proposal storage proposal) {
        proposal = _proposals[proposalId];
        require(proposal.state == ProposalState.Vetoed, EpochDistributor_NotVetoed(proposalId, proposal.state));
    }
}
