// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {IEmissionCurve} from "../../emission/interfaces/IEmissionCurve.sol";
import {Epoch} from "../../types/Epoch.sol";
import {Curve} from "../libraries/VestingCurve.sol";

/// What an account shows to be paid: its leaf in the tree of a final epoch, and the path from it to the root.
struct Claim {
    /// The final epoch whose root the proof leads to. Any final epoch will do; the newest pays the most.
    Epoch epoch;
    /// The account that earned, and that is paid.
    address account;
    /// The position of the leaf, counted from 0.
    uint32 index;
    /// The account's vesting curve after that epoch.
    Curve curve;
    /// The hash of the leaf's audit part (inputs and running sums of that epoch).
    bytes32 auditHash;
    /// The siblings from the leaf up, exactly as many as the tree is deep.
    bytes32[] proof;
}

/// What one final epoch adds to the vault.
struct Grant {
    Epoch epoch;
    /// The epoch's end: the time as of which curves are rolled, never the time of the call.
    uint40 end;
    bytes32 root;
    uint32 leafCount;
    /// What the miners of the epoch were granted together.
    uint128 granted;
    /// What the foundation was granted for the epoch.
    uint128 foundationGranted;
    /// The foundation of that epoch; any address if `foundationGranted` is 0.
    address foundation;
    /// Face amounts taken out of each unfinished cohort of the total curve by usage, in the cohorts' order.
    uint128[] accelerated;
    /// When the cohort of this epoch's grants ends and begins to be released.
    uint40 cohortEnd;
    /// For how long that cohort is released; 0: at once.
    uint40 duration;
}

/**
 * @title IVestingVault
 * @notice Keeps what was granted and pays it out, second by second, to those who earned it.
 *
 * An account's whole history is one curve, committed to by its leaf in the newest tree. Showing that leaf once pays all
 * that has been released so far, of all epochs together. No position is stored and no further root is needed for the
 * release to go on: it is arithmetic in the curve and the time.
 *
 * Claims are never restricted and never paused, and a proof against any final epoch stays valid for ever.
 *
 * Warning: a wrong root that nobody disproved in time can take what has been released, as it is released, and never
 * more: the vault holds all payments together against its own curve of everything granted.
 */
interface IVestingVault {
    /* ERRORS */

    error VestingVault_DistributorAlreadySet(address distributor);
    error VestingVault_DistributorZero();
    error VestingVault_NotDistributor(address caller, address distributor);
    error VestingVault_EpochOutOfOrder(Epoch epoch, Epoch next);
    error VestingVault_EpochNotFinal(Epoch epoch, Epoch next);
    error VestingVault_ProofInvalid(address account, Epoch epoch);
    error VestingVault_CurveAboveGranted(uint256 total, uint256 granted);
    error VestingVault_NothingToClaim(address account, uint256 unlocked, uint256 claimed);
    error VestingVault_AboveUnlocked(uint256 released, uint256 unlocked);
    error VestingVault_NotAccount(address caller, address account);
    error VestingVault_RecipientZero();
    error VestingVault_SignatureExpired(uint256 deadline, uint256 present);
    error VestingVault_SignatureInvalid(address account);
    error VestingVault_NoRecipientPending(address account);
    error VestingVault_EpochStarted(Epoch from, uint40 start, uint40 present);
    error VestingVault_TooFarAhead(Epoch from, uint40 start, uint40 latest);
    error VestingVault_TermsInsideCohort(Epoch from, uint256 epochsPast, uint256 cohortEpochs);
    error VestingVault_OlderTermsUnfinished(uint256 start, uint256 finished);
    error VestingVault_CohortLengthOutOfBounds(uint256 length, uint256 min, uint256 max);
    error VestingVault_DurationAboveMax(uint256 duration, uint256 max);

    /* EVENTS */

    /// The one distributor of this vault was set, for ever.
    event DistributorSet(address indexed distributor);

    /// A root became claimable, and `granted + foundationGranted` joined the total curve.
    event RootAccepted(
        Epoch indexed epoch,
        bytes32 indexed root,
        uint32 leafCount,
        uint256 granted,
        uint256 foundationGranted,
        uint256 totalGranted
    );

    /// The foundation's grant of an epoch joined its curve.
    event FoundationGranted(Epoch indexed epoch, address indexed foundation, uint256 amount);

    /// An account was paid `paid`; `claimed` is all it was ever paid.
    event RewardClaimed(
        address indexed account,
        address indexed to,
        Epoch indexed epoch,
        uint256 paid,
        uint256 claimed
    );

    /// A foundation was paid.
    event FoundationClaimed(address indexed foundation, uint256 paid, uint256 claimed);

    /// One claim of a batch was left out; `reason` is the error it would have reverted with (empty: out of gas).
    event ClaimSkipped(address indexed account, Epoch indexed epoch, bytes reason);

    /// An account's rewards go to another address from now on (the account itself: no recipient any more).
    event RecipientChanged(address indexed account, address indexed from, address indexed to);

    /// A change by signature was received and takes effect at `effectiveAt`, unless cancelled.
    event RecipientChangeScheduled(
        address indexed account,
        address indexed from,
        address indexed to,
        uint40 effectiveAt
    );

    /// An account made void what it had signed for {claimToBySig} with nonces up to `nonce`.
    event SignedClaimsCancelled(address indexed account, uint256 nonce);

    /// A scheduled change of recipient was called off.
    event RecipientChangeCancelled(address indexed account, address indexed to);

    /// Terms of the cohorts from an epoch on: how many epochs form a cohort, and for how long it is released.
    event TermsScheduled(
        Epoch indexed from,
        uint32 oldCohortEpochs,
        uint40 oldDuration,
        uint32 newCohortEpochs,
        uint40 newDuration
    );

    /* ANYONE */

    /**
     * @notice Pays an account everything it has earned and not yet been paid. Anyone may call it for anyone.
     * @dev Pays `unlockedAt(curve, now) - claimed(account)`, to the account or to the recipient it has chosen.
     *
     * Emits {RewardClaimed}.
     *
     * Requirements:
     * - the epoch is final
     * - the leaf made of account, curve and audit hash stands at `index` of the epoch's tree: `index` is below its leaf
     *   count, and the proof exactly as long as the tree is deep
     * - the curve has at most 26 cohorts, and sums to no more than all that had been granted up to the epoch
     * - something is due
     * - all payments together stay within what the total curve has released
     *
     * @param entry The leaf and its proof.
     * @return paid What was paid, in wei.
     */
    function claim(Claim calldata entry) external returns (uint256 paid);

    /**
     * @notice Pays many accounts in one transaction. An entry that cannot be paid is left out and reported; it never
     * spoils the others.
     * @dev Each entry is a {claim} of its own.
     *
     * Emits {RewardClaimed} or {ClaimSkipped} for each entry.
     *
     * @param entries Leaves and proofs, in any order; the same account may appear again.
     * @return paid What was paid to all of them together, in wei.
     */
    function claimMany(Claim[] calldata entries) external returns (uint256 paid);

    /**
     * @notice Pays a foundation what has been released of its grants. Anyone may call it.
     *
     * Emits {FoundationClaimed}.
     *
     * Requirements:
     * - something is due
     * - all payments together stay within what the total curve has released
     *
     * @param foundation An address that was the foundation of some epoch.
     * @return paid What was paid, in wei.
     */
    function claimFoundation(address foundation) external returns (uint256 paid);

    /* MINERS */

    /**
     * @notice Pays the caller's own rewards to an address of its choice, this once.
     * @dev Like {claim} otherwise.
     *
     * Emits {RewardClaimed}.
     *
     * Requirements: those of {claim}, and
     * - the caller is the account
     * - `to` is not the zero address
     *
     * @param entry The leaf and its proof.
     * @param to Who receives the payment.
     * @return paid What was paid, in wei.
     */
    function claimTo(Claim calldata entry, address to) external returns (uint256 paid);

    /**
     * @notice Pays an account's rewards to an address that the account chose by signature, this once.
     * @dev The EIP-712 message is `ClaimTo(address account,address to,uint32 epoch,uint256 nonce,uint256 deadline)` with
     * nonce `nonces(account, CLAIM_KEY())`; contracts sign by ERC-1271. The proof is not part of it, so that a relayer
     * may fetch it later.
     *
     * Emits {RewardClaimed}.
     *
     * Requirements: those of {claim}, and
     * - `to` is not the zero address
     * - the deadline has not passed (the second of the deadline still counts)
     * - the signature is the account's
     *
     * @param entry The leaf and its proof.
     * @param to Who receives the payment.
     * @param deadline Last second in which the signature counts.
     * @param signature The account's signature.
     * @return paid What was paid, in wei.
     */
    function claimToBySig(
        Claim calldata entry,
        address to,
        uint256 deadline,
        bytes calldata signature
    ) external returns (uint256 paid);

    /**
     * @notice Makes void every {claimToBySig} that the caller has signed and that was not used.
     *
     * Emits {SignedClaimsCancelled}.
     */
    function cancelSignedClaims() external;

    /**
     * @notice Sends all future rewards of the caller to another address, at once. Drops any change still waiting and
     * makes every recipient change signed before void.
     *
     * Emits {RecipientChanged}, and {RecipientChangeCancelled} if a change was waiting.
     *
     * @param to The new recipient; the caller itself or the zero address: no recipient any more.
     */
    function setRecipient(address to) external;

    /**
     * @notice Sends all future rewards of an account to another address, by the account's signature, after
     * {RECIPIENT_DELAY}. Until then the account can cancel it.
     * @dev The EIP-712 message is `SetRecipient(address account,address to,uint256 nonce,uint256 deadline)` with nonce
     * `nonces(account, RECIPIENT_KEY())`; contracts sign by ERC-1271. A change still waiting is replaced, and the delay
     * starts again.
     *
     * Emits {RecipientChangeScheduled}.
     *
     * Requirements:
     * - the deadline has not passed (the second of the deadline still counts)
     * - the signature is the account's
     *
     * @param account Whose recipient changes.
     * @param to The new recipient; the account itself or the zero address: no recipient any more.
     * @param deadline Last second in which the signature counts.
     * @param signature The account's signature.
     */
    function setRecipientBySig(address account, address to, uint256 deadline, bytes calldata signature) external;

    /**
     * @notice Calls off the caller's waiting change of recipient, and makes every one signed before void.
     *
     * Emits {RecipientChangeCancelled}.
     *
     * Requirements:
     * - a change is waiting and has not yet taken effect
     */
    function cancelRecipient() external;

    /* DISTRIBUTOR */

    /**
     * @notice Takes in a final epoch: its root, its grants, its accelerations.
     * @dev The tokens of both grants come to the vault in the same transaction. The total curve is rolled to the epoch's
     * end, reduced by `accelerated`, and the grants join the epoch's cohort; likewise the foundation's own curve.
     *
     * Emits {RootAccepted}, and {FoundationGranted} if the foundation was granted something.
     *
     * Requirements:
     * - the caller is the distributor
     * - the epoch is the next one
     * - `accelerated` has one amount for each unfinished cohort, none above the cohort
     *
     * @param grant What the epoch adds.
     */
    function settle(Grant calldata grant) external;

    /* GOVERNANCE */

    /**
     * @notice Names the one distributor that may settle epochs. Works once, for ever.
     *
     * Emits {DistributorSet}.
     *
     * Requirements:
     * - the caller is allowed by the access manager
     * - no distributor was set before, and the new one is not the zero address
     *
     * @param newDistributor The distributor.
     */
    function setDistributor(address newDistributor) external;

    /**
     * @notice Sets how future grants are released: how many epochs form a cohort, and for how long a cohort is released
     * after its end. What was granted before keeps its terms.
     *
     * Emits {TermsScheduled}.
     *
     * Requirements:
     * - the caller is allowed by the access manager
     * - `from` has not started, is not before the last change of terms (the same epoch: replaced), and not further ahead
     *   than {MAX_LEAD}
     * - `from` is where a cohort of the present terms would start
     * - by then all cohorts of the terms before the present ones have been released in full
     * - a cohort is at least one epoch long, and at most {MAX_COHORT_LENGTH}
     * - `duration` is at most {MAX_DURATION_COHORTS} cohort lengths
     *
     * @param from The first epoch of the new terms.
     * @param cohortEpochs How many epochs form a cohort.
     * @param duration For how long a cohort is released after its end, in seconds; 0: grants are released at once.
     */
    function scheduleTerms(Epoch from, uint32 cohortEpochs, uint40 duration) external;

    /* VIEWS */

    /// @notice The token that was granted.
    function TOKEN() external view returns (IERC20);

    /// @notice The emission curve, from which the vault takes the clock of epochs.
    function CURVE() external view returns (IEmissionCurve);

    /// @notice How long a change of recipient by signature waits.
    function RECIPIENT_DELAY() external view returns (uint40);

    /// @notice How long a cohort may be at most, in seconds.
    function MAX_COHORT_LENGTH() external view returns (uint256);

    /// @notice For how many of its own lengths a cohort may be released at most.
    function MAX_DURATION_COHORTS() external view returns (uint256);

    /// @notice How far ahead of now, or of the start of epoch 0 if that is later, terms can be scheduled, in seconds: a slip
    /// of the pen must not lock them.
    function MAX_LEAD() external view returns (uint40);

    /// @notice The nonce key of {claimToBySig}.
    function CLAIM_KEY() external view returns (uint192);

    /// @notice The nonce key of {setRecipientBySig}.
    function RECIPIENT_KEY() external view returns (uint192);

    /// @notice The next nonce of an account under a key; the key stands in its upper 192 bits.
    function nonces(address owner, uint192 key) external view returns (uint256);

    /// @notice The distributor, or zero while none is set.
    function distributor() external view returns (address);

    /// @notice The epoch that is settled next; all before it are final.
    function nextEpoch() external view returns (Epoch);

    /// @notice The root of a final epoch and how many leaves it has; zeros if the epoch is not final.
    function rootOf(Epoch epoch) external view returns (bytes32 root, uint32 leafCount);

    /// @notice All that was granted up to and including a final epoch, in wei; 0 if the epoch is not final.
    function grantedUpTo(Epoch epoch) external view returns (uint256);

    /// @notice All that was ever granted, in wei.
    function totalGranted() external view returns (uint256);

    /// @notice All that was ever paid out, in wei.
    function released() external view returns (uint256);

    /// @notice All that an account was ever paid for its leaves, in wei.
    function claimed(address account) external view returns (uint256);

    /// @notice All that a foundation was ever paid as such, in wei.
    function foundationClaimed(address foundation) external view returns (uint256);

    /// @notice What {claim} would pay now, in wei; 0 if nothing is due.
    /// @dev Reverts like {claim} if the proof does not hold; does not ask whether all payments together stay within bounds.
    function claimable(Claim calldata entry) external view returns (uint256);

    /// @notice What {claimFoundation} would pay now, in wei; 0 if nothing is due.
    function foundationClaimable(address foundation) external view returns (uint256);

    /// @notice Who receives an account's rewards now: the account itself unless it chose another.
    function recipientOf(address account) external view returns (address);

    /// @notice The change of recipient that waits, and when it takes effect; zeros if none waits.
    function pendingRecipientOf(address account) external view returns (address to, uint40 effectiveAt);

    /// @notice The curve of everything granted, to miners and foundations, as of the end of the last final epoch.
    function totalCurve() external view returns (Curve memory);

    /// @notice The hash of {totalCurve}, part of the basis of the next settlement.
    function totalCurveHash() external view returns (bytes32);

    /// @notice The curve of what was granted to a foundation.
    function foundationCurve(address foundation) external view returns (Curve memory);

    /// @notice What the total curve will have released by a time, if no further epoch is settled.
    function unlockedTotalAt(uint40 time) external view returns (uint256);

    /// @notice When the cohort of an epoch's grants ends, and for how long it is released from then on.
    function cohortOf(Epoch epoch) external view returns (uint40 cohortEnd, uint40 duration);

    /// @notice The terms an epoch falls under: since which epoch they hold, epochs in a cohort, release in seconds.
    function termsAt(Epoch epoch) external view returns (Epoch since, uint32 cohortEpochs, uint40 duration);
}
