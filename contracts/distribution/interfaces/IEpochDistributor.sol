// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Reasons} from "../../libraries/SettlementMath.sol";
import {IStabilizationReserve, PriceReason} from "../../reserve/interfaces/IStabilizationReserve.sol";
import {ILockedSupply} from "../../token/interfaces/ILockedSupply.sol";
import {IMiningToken} from "../../token/interfaces/IMiningToken.sol";
import {Epoch} from "../../types/Epoch.sol";
import {TaskId} from "../../types/TaskId.sol";
import {IVestingVault} from "../../vesting/interfaces/IVestingVault.sol";
import {EpochRecord, IEpochParameters} from "./IEpochParameters.sol";
import {ISettlementArithmetic, Settlement} from "./ISettlementArithmetic.sol";

/// open → closed → proposed → final; a dropped proposal leads back to closed.
enum EpochState {
    Open,
    Closed,
    Proposed,
    Final
}

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
    /// Dropped, and the bond was taken.
    Forfeited
}

/// One settlement put forward by an operator. Bond, window and deadline are its own: no parameter changes them later.
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
    uint128 bond;
    /// The hash over basis and settlement.
    bytes32 settlementHash;
}

/**
 * @title IEpochDistributor
 * @notice Leads each epoch through its life: closes it with a record of all that decides about it, takes an operator's
 * settlement, holds it open to challenge, and at last mints exactly the epoch's budget and hands it over.
 *
 * It is the only minter. What is minted goes to the vault, where miners claim it, and what was not granted to the
 * reserve. Anyone may close and finalise: nobody can stop a due step by staying away.
 */
interface IEpochDistributor is ILockedSupply {
    /* ERRORS */

    error EpochDistributor_EpochNotOver(Epoch epoch, uint256 present, uint256 end);
    error EpochDistributor_NotNext(Epoch epoch, Epoch next);
    error EpochDistributor_EpochNotClosed(Epoch epoch);
    error EpochDistributor_AlreadyProposed(Epoch epoch, uint256 proposalId);
    error EpochDistributor_NothingProposed(Epoch epoch);
    error EpochDistributor_ProposalsPaused(uint256 present, uint256 until);
    error EpochDistributor_OperatorSuspended(address operator, uint256 until);
    error EpochDistributor_OperatorNotSuspended(address operator);
    error EpochDistributor_RecordMismatch(bytes32 given, bytes32 stored);
    error EpochDistributor_BasisMismatch(bytes32 given, bytes32 current);
    error EpochDistributor_SettlementMismatch(bytes32 given, bytes32 proposed);
    error EpochDistributor_BondMismatch(uint256 given, uint256 bond);
    error EpochDistributor_RootLeafCountMismatch(bytes32 root, uint32 leafCount);
    error EpochDistributor_TasksLengthMismatch(uint256 participants, uint256 scoreTotals, uint256 tasks);
    error EpochDistributor_ParticipantsAboveLeafCount(TaskId task, uint256 participants, uint256 leafCount);
    error EpochDistributor_ScoreTotalOutOfRange(TaskId task, uint256 scoreTotal, uint256 min, uint256 max);
    error EpochDistributor_GrantedAboveMiners(uint256 granted, uint256 miners);
    error EpochDistributor_AcceleratedLengthMismatch(uint256 accelerated, uint256 cohorts);
    error EpochDistributor_AcceleratedAboveCohort(uint256 cohort, uint256 accelerated, uint256 amount);
    error EpochDistributor_AcceleratedAboveBound(uint256 accelerated, uint256 most);
    error EpochDistributor_OperatorIndirect(address caller);
    error EpochDistributor_WindowOpen(uint256 present, uint256 until);
    error EpochDistributor_NotPending(uint256 proposalId, uint256 pending);
    error EpochDistributor_NotVetoed(uint256 proposalId, ProposalState state);
    error EpochDistributor_RulingOver(uint256 present, uint256 until);
    error EpochDistributor_RulingOpen(uint256 present, uint256 until);
    error EpochDistributor_PauseTooSoon(uint256 present, uint256 from);
    error EpochDistributor_NothingOwed(address account);
    error EpochDistributor_PaymentRefused(address account, uint256 amount);
    error EpochDistributor_TreasuryZero();

    /* EVENTS */

    /// An epoch was closed. The record stands here in full; the chain keeps its hash. Without a price, the reason says why.
    event EpochClosed(Epoch indexed epoch, bytes32 indexed recordHash, PriceReason priceReason, EpochRecord record);

    /// An operator proposed a settlement. It stands here in full; the chain keeps its hash.
    event SettlementProposed(
        Epoch indexed epoch,
        uint256 indexed proposalId,
        address indexed operator,
        bytes32 basis,
        uint40 until,
        uint256 bond,
        Settlement settlement
    );

    /// The guardian dropped a proposal. Governance can rule about it until `rulingUntil`.
    event ProposalVetoed(Epoch indexed epoch, uint256 indexed proposalId, uint40 rulingUntil, string reason);

    /// Governance ruled about a veto: upheld, the bond is taken and the operator stays suspended; or not, and both are undone.
    event VetoRuled(uint256 indexed proposalId, bool upheld);

    /// The bond of a proposal was credited to an account, in whole or in part.
    event BondCredited(uint256 indexed proposalId, address indexed account, uint256 amount);

    /// An account was paid what it was credited.
    event BondWithdrawn(address indexed account, uint256 amount);

    /// An operator may not propose until then (the last possible second: until readmitted).
    event OperatorSuspended(address indexed operator, uint256 indexed proposalId, uint40 until);

    /// An operator may propose again.
    event OperatorReadmitted(address indexed operator);

    /// No new proposals until then. The pending one, if its window was still open, can be challenged until `windowUntil`.
    event ProposalsPaused(uint40 until, uint256 indexed proposalId, uint40 windowUntil);

    /// An epoch became final: `granted + withheld == budget + injected`.
    event EpochFinalised(
        Epoch indexed epoch,
        uint256 indexed proposalId,
        bytes32 indexed root,
        uint256 budget,
        uint256 payout,
        uint256 granted,
        uint256 foundationGranted,
        uint256 withheld,
        uint256 injected,
        Reasons reasons
    );

    /* ANYONE */

    /**
     * @notice Closes the next epoch once it is over, and fixes everything that decides about it. Anyone may call it.
     * @dev The record is stored as a hash and stands in the event (see {IEpochParameters-recordAt}).
     *
     * Closing does not wait for the settlement of earlier epochs.
     *
     * Emits {EpochClosed}.
     *
     * Requirements:
     * - the epoch is over
     * - the call carries enough gas for the price source to be asked in full
     *
     * @return epoch The epoch that was closed.
     */
    function closeEpoch() external returns (Epoch epoch);

    /**
     * @notice Makes the pending settlement final once its window is over. Anyone may call it; until somebody does, the
     * guardian can still veto.
     * @dev Mints exactly the budget R. The vault gets all that was granted, the reserve the rest; if more was granted than
     * R, the reserve adds what is missing. The bond goes back to the operator (see {withdrawBond}).
     *
     * Emits {EpochFinalised} and {BondCredited}.
     *
     * Requirements:
     * - a settlement of the next epoch is pending
     * - record and settlement are the ones it was proposed with
     * - its window is over
     *
     * @param record The epoch's record, from {EpochClosed}.
     * @param settlement The settlement, from {SettlementProposed}.
     */
    function finalise(EpochRecord calldata record, Settlement calldata settlement) external;

    /**
     * @notice Writes down what vault and reserve keep that nobody holds yet, for {lockedAt}. {finalise} does it by itself;
     * this is for the time in between, when much was claimed or no epoch becomes final.
     * @dev Granted and not yet paid out, plus the reserve, plus what waits to join it: booked amounts, so that a transfer
     * to either changes nothing. It can only make the figure true, whoever calls it and when.
     *
     * Emits {LockedSupplyRecorded}.
     *
     * @return locked What is locked now, in wei.
     */
    function recordLocked() external returns (uint256 locked);

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

    /* OPERATORS */

    /**
     * @notice Proposes the settlement of the next epoch, with a bond. It can be challenged until its window is over.
     * @dev `basis` names what the settlement was computed from: `keccak256(abi.encode(recordHash, parentRoot, S,
     * totalCurveHash))`, see {basisOf}. All of it stays fixed from one finalise to the next, so a proposal made against
     * another state reverts instead of being wrong.
     *
     * Emits {SettlementProposed}.
     *
     * Requirements:
     * - the caller is allowed by the access manager, and not suspended; proposals are not paused
     * - the caller calls himself, not through the access manager
     * - the record is the epoch's, and the epoch is the next to be final; it is closed, and nothing else is pending
     * - `basis` is the current one
     * - the value sent is exactly the record's bond
     * - the root is 0 exactly if there is no leaf
     * - participants and score totals have one entry for each task; a task has at most as many participants as there are
     *   leaves, and a score total between participants times minimum score and leaves times the highest score
     * - what was granted is at most the miners' part of the payout
     * - `accelerated` has one entry for each unfinished cohort of the total curve at the epoch's end, none above it, and
     *   all together at most the record's bound of what is left in cohorts: no root, true or false, unlocks more
     *
     * @param record The epoch's record, from {EpochClosed}.
     * @param settlement What the operator declares.
     * @param basis What it was computed from.
     * @return proposalId The number of the proposal, counted from 1.
     */
    function propose(
        EpochRecord calldata record,
        Settlement calldata settlement,
        bytes32 basis
    ) external payable returns (uint256 proposalId);

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
     * @notice Stops new proposals for {PAUSE}. A pending one whose window is still open can be challenged for as much
     * longer; one whose window is over can be made final as before.
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

    /* VIEWS */

    /// @notice The token, of which this contract is the only minter.
    function TOKEN() external view returns (IMiningToken);

    /// @notice Where the parameters stand, and where an epoch's record comes from.
    function PARAMETERS() external view returns (IEpochParameters);

    /// @notice The reserve, which takes what is withheld and gives what is injected.
    function RESERVE() external view returns (IStabilizationReserve);

    /// @notice The vault, which takes all that is granted.
    function VAULT() external view returns (IVestingVault);

    /// @notice Who gets what is taken from bonds: the timelock.
    function TREASURY() external view returns (address);

    /// @notice The distributor's own sums, open to anyone.
    function ARITHMETIC() external view returns (ISettlementArithmetic);

    /// @notice How long governance has to rule about a veto.
    function RULING_TIME() external view returns (uint40);

    /// @notice How long a pause lasts.
    function PAUSE() external view returns (uint40);

    /// @notice How long after a pause no other can follow.
    function PAUSE_COOLDOWN() external view returns (uint40);

    /// @notice The epoch that is closed next; all before it are closed or further.
    function nextToClose() external view returns (Epoch);

    /// @notice The epoch that becomes final next; all before it are final.
    function nextToFinalise() external view returns (Epoch);

    /// @notice Where an epoch stands in its life.
    function stateOf(Epoch epoch) external view returns (EpochState);

    /// @notice The hash of a closed epoch's record, `keccak256(abi.encode(record))`; 0 if the epoch is not closed.
    function recordHashOf(Epoch epoch) external view returns (bytes32);

    /// @notice What a settlement of the next epoch must be computed from.
    /// @dev Reverts unless the epoch is the next to be final, and closed.
    function basisOf(Epoch epoch) external view returns (bytes32);

    /// @notice The pending proposal, of the epoch that becomes final next; 0 if there is none.
    function pendingProposal() external view returns (uint64 proposalId);

    /// @notice How many proposals there have been.
    function proposalCount() external view returns (uint64);

    /// @notice A proposal by its number; all zero if there is none.
    function proposalOf(uint256 proposalId) external view returns (Proposal memory);

    /// @notice Whether an operator may not propose now.
    function suspended(address operator) external view returns (bool);

    /// @notice Until when an operator may not propose (the last possible second: until readmitted); 0 if never suspended.
    function suspendedUntil(address operator) external view returns (uint40);

    /// @notice Until when proposals are paused; in the past if they are not.
    function pausedUntil() external view returns (uint40);

    /// @notice What an account can withdraw, in wei of the native coin.
    function bondCreditOf(address account) external view returns (uint256);
}
