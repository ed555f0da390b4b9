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
import {IProposalBook} from "./IProposalBook.sol";
import {ISettlementArithmetic, Settlement} from "./ISettlementArithmetic.sol";
import {Fault, LeafAnswer} from "./ISettlementVerifier.sol";

/// open → closed → proposed → final; a dropped proposal leads back to closed.
enum EpochState {
    Open,
    Closed,
    Proposed,
    Final
}

/**
 * @title IEpochDistributor
 * @notice Leads each epoch through its life: closes it with a record of all that decides about it, takes an operator's
 * settlement, holds it open to challenge, and at last mints exactly the epoch's budget and hands it over.
 *
 * It is the only minter. What is minted goes to the vault, where miners claim it, and what was not granted to the
 * reserve. Anyone may close and finalise: nobody can stop a due step by staying away.
 */
interface IEpochDistributor is ILockedSupply, IProposalBook {
    /* ERRORS */

    error EpochDistributor_EpochNotOver(Epoch epoch, uint256 present, uint256 end);
    error EpochDistributor_NotNext(Epoch epoch, Epoch next);
    error EpochDistributor_EpochNotClosed(Epoch epoch);
    error EpochDistributor_AlreadyProposed(Epoch epoch, uint256 proposalId);
    error EpochDistributor_NothingProposed(Epoch epoch);
    error EpochDistributor_ProposalsPaused(uint256 present, uint256 until);
    error EpochDistributor_OperatorSuspended(address operator, uint256 until);
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
    error EpochDistributor_DemandsOpen(uint256 demands);
    error EpochDistributor_NotProven(Fault fault);
    error EpochDistributor_AnswerOver(uint256 present, uint256 until);
    error EpochDistributor_AnswerRefused(uint32 index);

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

    /// Somebody proved a settlement wrong, which dropped it.
    event ProposalDisproved(Epoch indexed epoch, uint256 indexed proposalId, address indexed prover, Fault fault);

    /// Somebody showed a demanded leaf. It stands here in full; the proposal can be challenged until then.
    event LeafAnswered(
        uint256 indexed proposalId,
        uint32 indexed index,
        address indexed answerer,
        uint40 until,
        LeafAnswer shown
    );

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
     * guardian can still veto, and anyone disprove.
     * @dev Mints exactly the budget R. The vault gets all that was granted, the reserve the rest; if more was granted than
     * R, the reserve adds what is missing. The bond goes back to the operator (see {withdrawBond}).
     *
     * Emits {EpochFinalised} and {BondCredited}.
     *
     * Requirements:
     * - a settlement of the next epoch is pending
     * - record and settlement are the ones it was proposed with
     * - its window is over, and no demand is open
     *
     * @param record The epoch's record, from {EpochClosed}.
     * @param settlement The settlement, from {SettlementProposed}.
     */
    function finalise(EpochRecord calldata record, Settlement calldata settlement) external;

    /**
     * @notice Drops the pending proposal by a proof that its settlement is wrong. Anyone may call it, until the proposal is final;
     * nobody can stop it. Half of the bond is credited to the caller, the rest to the treasury, and the operator is suspended until
     * governance readmits him: to disprove oneself costs half a bond and the office.
     * @dev The proposal's own verifier judges, by what this contract takes from its own state: {ISettlementVerifier} says what each
     * fault is, what has to be shown, and why no honest settlement can be hit. A proof that is not right reverts with its reason
     * and changes nothing. A proof sent to the public queue of transactions can be copied by others, who then get the reward.
     *
     * Emits {ProposalDisproved}, {BondCredited} twice and {OperatorSuspended}.
     *
     * Requirements:
     * - a settlement of the next epoch is pending
     * - record and settlement are the ones it was proposed with
     * - the proof proves the fault
     *
     * @param record The epoch's record, from {EpochClosed}.
     * @param settlement The settlement, from {SettlementProposed}.
     * @param fault What is wrong.
     * @param proof The ABI encoding of the fault's proof.
     */
    function disprove(
        EpochRecord calldata record,
        Settlement calldata settlement,
        Fault fault,
        bytes calldata proof
    ) external;

    /**
     * @notice Shows a leaf that was demanded. Anyone may call it, and is credited a 32nd of the bond (rounded down); the demander, what
     * the deposit was above that.
     * @dev The proposal stays open to challenge for at least a quarter of its window from then on. Since demands end a quarter before
     * the window does and must be answered within a quarter, all of them together lengthen a window by a quarter at most.
     *
     * Emits {LeafAnswered} and {BondCredited}.
     *
     * Requirements:
     * - a settlement is pending, and this is the one it was proposed with
     * - the leaf was demanded and not shown yet, and the deadline is not over
     * - the answer opens the leaf (see {ISettlementVerifier-opens})
     *
     * @param settlement The settlement, from {SettlementProposed}.
     * @param index The leaf's position.
     * @param shown The bytes behind the leaf and its hashes, and the path.
     */
    function answer(Settlement calldata settlement, uint32 index, LeafAnswer calldata shown) external;

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

    /* VIEWS */

    /// @notice The token, of which this contract is the only minter.
    function TOKEN() external view returns (IMiningToken);

    /// @notice Where the parameters stand, and where an epoch's record comes from.
    function PARAMETERS() external view returns (IEpochParameters);

    /// @notice The reserve, which takes what is withheld and gives what is injected.
    function RESERVE() external view returns (IStabilizationReserve);

    /// @notice The vault, which takes all that is granted.
    function VAULT() external view returns (IVestingVault);

    /// @notice The distributor's own sums, open to anyone.
    function ARITHMETIC() external view returns (ISettlementArithmetic);

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
}
