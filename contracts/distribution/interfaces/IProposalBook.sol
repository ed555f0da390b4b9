// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Epoch} from "../../types/Epoch.sol";
import {ISettlementVerifier} from "./ISettlementVerifier.sol";

/// What became of a proposal.
enum ProposalState {
    None,
    /// Can be challenged, or waits to be made final.
    Pending,
    /// Became the epoch's settlement; the bond went back.
    Final,
    /// Dropped by the guardian; the bond is held until governance rules or the time for it is over.
    Vetoed,
    /// Dropped, and the bond went back.
    Returned,
    /// Dropped by a ruling: the treasury has the bond.
    Forfeited,
    /// Dropped by a proof, or by a demand that nobody answered: half of the bond went to who brought it, half to the treasury.
    Disproved
}

/// One settlement put forward by an operator. Bond, window, deadlines and verifier are its own: no parameter changes them later.
struct Proposal {
    Epoch epoch;
    address operator;
    ProposalState state;
    /// The first second in which it can be made final.
    uint40 until;
    /// How long it could be challenged when it was made, in seconds.
    uint32 window;
    /// Until then governance can rule about the veto; from then on anyone can release the bond. 0 without a veto.
    uint40 rulingUntil;
    /// The last second in which a leaf can be demanded.
    uint40 demandUntil;
    /// Demands without an answer. No final settlement has any.
    uint16 openDemands;
    uint128 bond;
    /// Who judges proofs against it.
    ISettlementVerifier verifier;
    /// How many leaves it declares.
    uint32 leafCount;
    /// The hash over basis and settlement.
    bytes32 settlementHash;
}

/// What became of a demand.
enum DemandState {
    None,
    /// Waits for an answer; from its deadline on it is a proof.
    Open,
    /// The leaf was shown; who showed it was credited the bounty, the demander what the deposit was above it.
    Answered,
    /// Its proposal was dropped first; the deposit went back.
    Returned
}

/// Somebody wants to see a leaf.
struct Demand {
    address demander;
    /// The first second that is too late for an answer.
    uint40 deadline;
    DemandState state;
    /// In wei of the native coin.
    uint128 deposit;
}

/**
 * @title IProposalBook
 * @notice What can happen to a proposal once it is made, short of being made final, and to the coin that is put on it: bonds and
 * deposits. A part of {IEpochDistributor}, which knows what the proposals are about; the errors bear its name.
 *
 * The coin held is always the sum of open bonds, of deposits for open demands, and of what accounts are credited.
 */
interface IProposalBook {
    /* ERRORS */

    error EpochDistributor_OperatorNotSuspended(address operator);
    error EpochDistributor_NotPending(uint256 proposalId, uint256 pending);
    error EpochDistributor_NotVetoed(uint256 proposalId, ProposalState state);
    error EpochDistributor_RulingOver(uint256 present, uint256 until);
    error EpochDistributor_RulingOpen(uint256 present, uint256 until);
    error EpochDistributor_PauseTooSoon(uint256 present, uint256 from);
    error EpochDistributor_NothingOwed(address account);
    error EpochDistributor_PaymentRefused(address account, uint256 amount);
    error EpochDistributor_TreasuryZero();
    error EpochDistributor_DemandsOver(uint256 present, uint256 until);
    error EpochDistributor_NoSuchLeaf(uint256 index, uint256 leafCount);
    error EpochDistributor_AlreadyDemanded(uint256 proposalId, uint256 index);
    error EpochDistributor_DepositTooSmall(uint256 given, uint256 deposit);
    error EpochDistributor_DemandNotOpen(uint256 proposalId, uint256 index, DemandState state);
    error EpochDistributor_AnswerOpen(uint256 present, uint256 until);
    error EpochDistributor_StillPending(uint256 proposalId);
    error EpochDistributor_VerifierCodeless(address verifier);

    /* EVENTS */

    /// Somebody put a deposit on a leaf. Whoever shows it before the deadline gets the bounty; if nobody does, the proposal falls.
    event LeafDemanded(
        uint256 indexed proposalId,
        uint32 indexed index,
        address indexed demander,
        uint40 deadline,
        uint256 deposit
    );

    /// Nobody showed a demanded leaf in time, which dropped the proposal. The demander is the prover.
    event LeafUnanswered(Epoch indexed epoch, uint256 indexed proposalId, address indexed prover, uint32 index);

    /// The guardian dropped a proposal. Governance can rule about it until `rulingUntil`.
    event ProposalVetoed(Epoch indexed epoch, uint256 indexed proposalId, uint40 rulingUntil, string reason);

    /// Governance ruled about a veto: upheld, the bond is taken and the operator stays suspended; or not, and both are undone.
    event VetoRuled(uint256 indexed proposalId, bool upheld);

    /// An account was credited a proposal's bond, in whole or in part, or the deposit of a demand about it.
    event BondCredited(uint256 indexed proposalId, address indexed account, uint256 amount);

    /// An account was paid what it was credited.
    event BondWithdrawn(address indexed account, uint256 amount);

    /// An operator may not propose until then (the last possible second: until readmitted).
    event OperatorSuspended(address indexed operator, uint256 indexed proposalId, uint40 until);

    /// An operator may propose again.
    event OperatorReadmitted(address indexed operator);

    /// No new proposals until then. The pending one, if its window was still open, can be challenged until `windowUntil`.
    event ProposalsPaused(uint40 until, uint256 indexed proposalId, uint40 windowUntil);

    /// Proposals are judged by another verifier if they are made from then on. A change announced before and not in force yet is
    /// dropped.
    event VerifierScheduled(address indexed oldVerifier, address indexed newVerifier, uint40 from);

    /* ANYONE */

    /**
     * @notice Demands to see a leaf of the pending proposal, with a bounty for whoever shows it. Anyone may call it, as long as a
     * quarter of the window is left: that is how long an answer may take. A leaf that nobody shows is a proven fault (see
     * {disproveUnanswered}).
     * @dev The deposit is {demandDeposit}, the bounty in it a 32nd of the bond; the rest comes back with the answer. What is sent above
     * the deposit is credited to the caller, so that a demand need not fail when others demand at the same time. An honest operator
     * loses nothing by a demand: the bounty pays for the answer.
     *
     * Emits {LeafDemanded}, and {BondCredited} if more was sent.
     *
     * Requirements:
     * - the proposal is the pending one, and its time for demands is not over
     * - the settlement has a leaf at this position, and it was not demanded before
     * - the value sent covers the deposit
     *
     * @param proposalId The proposal.
     * @param index The leaf's position.
     */
    function demand(uint256 proposalId, uint32 index) external payable;

    /**
     * @notice Drops the pending proposal because nobody showed a leaf in the time there was. Anyone may call it; the reward goes to
     * the demander, who also gets the deposit back. Otherwise as {IEpochDistributor-disprove}.
     * @dev A call that is copied from the public queue of transactions wins nothing.
     *
     * Emits {LeafUnanswered}, {BondCredited} and {OperatorSuspended}.
     *
     * Requirements:
     * - the proposal is the pending one
     * - the leaf was demanded and not shown, and the deadline is over
     *
     * @param proposalId The proposal.
     * @param index The leaf's position.
     */
    function disproveUnanswered(uint256 proposalId, uint32 index) external;

    /**
     * @notice Gives a demander the deposit back when the proposal was dropped before the demand was answered. Anyone may call it.
     *
     * Emits {BondCredited}.
     *
     * Requirements:
     * - the leaf was demanded and not shown, and the deposit was not returned yet
     * - the proposal is not pending any more
     *
     * @param proposalId The proposal.
     * @param index The leaf's position.
     */
    function reclaimDeposit(uint256 proposalId, uint32 index) external;

    /**
     * @notice Returns the bond of a vetoed proposal that governance did not rule about in time, and readmits its operator.
     * The proposal stays dropped.
     *
     * Emits {BondCredited}, and {OperatorReadmitted} if this veto was what suspended the operator.
     *
     * Requirements:
     * - the proposal was vetoed and not ruled about
     * - the time for a ruling is over
     *
     * @param proposalId The proposal.
     */
    function releaseBond(uint256 proposalId) external;

    /**
     * @notice Pays an account what it was credited from bonds. Anyone may call it for anyone.
     *
     * Emits {BondWithdrawn}.
     *
     * Requirements:
     * - something is owed to the account
     * - the account takes the payment
     *
     * @param account Who is paid.
     * @return amount What was paid, in wei of the native coin.
     */
    function withdrawBond(address account) external returns (uint256 amount);

    /* GUARDIAN */

    /**
     * @notice Drops the pending proposal, for what no arithmetic can show: false scores, or a report that cannot be had.
     * The epoch is closed again, the bond held and the operator suspended until governance rules, or for {RULING_TIME}.
     * @dev Possible until the proposal is final. The proposal is named, so that a veto that arrives late never hits the
     * next one.
     *
     * Emits {ProposalVetoed} and {OperatorSuspended}.
     *
     * Requirements:
     * - the caller is allowed by the access manager
     * - the proposal is the pending one
     *
     * @param proposalId The proposal.
     * @param reason Why, in words.
     */
    function veto(uint256 proposalId, string calldata reason) external;

    /**
     * @notice Stops new proposals for {PAUSE}. A pending one whose window is still open can be challenged, and its leaves demanded,
     * for as much longer; one whose window is over can be made final as before. A demand made before
     * keeps its deadline.
     *
     * Emits {ProposalsPaused}.
     *
     * Requirements:
     * - the caller is allowed by the access manager
     * - the last pause ended at least {PAUSE_COOLDOWN} ago
     */
    function pauseProposals() external;

    /* GOVERNANCE */

    /**
     * @notice Rules about a veto. Upheld: the bond goes to the treasury and the operator stays suspended until readmitted.
     * Not upheld: the bond goes back and the operator is readmitted. The proposal stays dropped either way.
     *
     * Emits {VetoRuled}, {BondCredited}, and {OperatorSuspended} or {OperatorReadmitted}.
     *
     * Requirements:
     * - the caller is allowed by the access manager
     * - the proposal was vetoed and not ruled about
     * - the time for a ruling is not over
     *
     * @param proposalId The proposal.
     * @param upheld Whether the guardian was right.
     */
    function ruleVeto(uint256 proposalId, bool upheld) external;

    /**
     * @notice Lets a suspended operator propose again.
     *
     * Emits {OperatorReadmitted}.
     *
     * Requirements:
     * - the caller is allowed by the access manager
     * - the operator is suspended
     *
     * @param operator The operator.
     */
    function readmit(address operator) external;

    /**
     * @notice Announces another verifier. It judges every proposal that is made {VERIFIER_DELAY} from now or later, of whatever
     * epoch; a proposal keeps the one it was made under. Announced again before that, the delay begins anew.
     * @dev Warning: a verifier decides what is a fault. One that refuses every proof leaves the veto as the only challenge, one
     * that takes every proof lets anyone drop proposals and take half of their bonds. Neither reaches anything else. The delay is
     * there for people to look at its code.
     *
     * Emits {VerifierScheduled}.
     *
     * Requirements:
     * - the caller is allowed by the access manager
     * - there is code at the address
     *
     * @param newVerifier The verifier.
     */
    function scheduleVerifier(ISettlementVerifier newVerifier) external;

    /* VIEWS */

    /// @notice Who gets what is taken from bonds: the timelock.
    function TREASURY() external view returns (address);

    /// @notice How long governance has to rule about a veto.
    function RULING_TIME() external view returns (uint40);

    /// @notice How long a pause lasts.
    function PAUSE() external view returns (uint40);

    /// @notice How long after a pause no other can follow.
    function PAUSE_COOLDOWN() external view returns (uint40);

    /// @notice How long before it acts a verifier has to be announced.
    function VERIFIER_DELAY() external view returns (uint40);

    /// @notice The pending proposal, of the epoch that becomes final next; 0 if there is none.
    function pendingProposal() external view returns (uint64 proposalId);

    /// @notice How many proposals there have been.
    function proposalCount() external view returns (uint64);

    /// @notice A proposal by its number; all zero if there is none.
    function proposalOf(uint256 proposalId) external view returns (Proposal memory);

    /// @notice A demand by its proposal and leaf; all zero if there is none.
    function demandOf(uint256 proposalId, uint32 index) external view returns (Demand memory);

    /// @notice What has to be deposited now to demand a leaf of a proposal, in wei of the native coin: a 32nd of its bond (rounded
    /// down), twice as much with each 16 demands that are open.
    function demandDeposit(uint256 proposalId) external view returns (uint256);

    /// @notice Who judges proposals that are made now.
    function verifier() external view returns (ISettlementVerifier);

    /// @notice Who judges proposals made at a time from now on, as far as announced. For one made already, see {proposalOf}.
    function verifierAt(uint40 time) external view returns (ISettlementVerifier);

    /// @notice The verifier announced last, and from when on it judges what is proposed: in the past, if it does already.
    function nextVerifier() external view returns (ISettlementVerifier newVerifier, uint40 from);

    /// @notice Whether an operator may not propose now.
    function suspended(address operator) external view returns (bool);

    /// @notice Until when an operator may not propose (the last possible second: until readmitted); 0 if never suspended.
    function suspendedUntil(address operator) external view returns (uint40);

    /// @notice Until when proposals are paused; in the past if they are not.
    function pausedUntil() external view returns (uint40);

    /// @notice What an account can withdraw, in wei of the native coin.
    function bondCreditOf(address account) external view returns (uint256);
}
