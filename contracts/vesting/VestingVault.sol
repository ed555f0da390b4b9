// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {NoncesKeyed} from "@openzeppelin/contracts/utils/NoncesKeyed.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

import {IEmissionCurve} from "../emission/interfaces/IEmissionCurve.sol";
import {EpochClock} from "../libraries/EpochClock.sol";
import {EpochHistory} from "../libraries/EpochHistory.sol";
import {Epoch} from "../types/Epoch.sol";
import {Claim, Grant, IVestingVault} from "./interfaces/IVestingVault.sol";
import {ClaimData} from "./libraries/ClaimData.sol";
import {CohortTerms, Terms} from "./libraries/CohortTerms.sol";
import {FinalEpoch, FinalEpochs} from "./libraries/FinalEpoch.sol";
import {Curve, VestingCurve} from "./libraries/VestingCurve.sol";

/// @title VestingVault
contract VestingVault is IVestingVault, AccessManaged, EIP712, NoncesKeyed {
    using ClaimData for Claim;
    using CohortTerms for EpochHistory.History;
    using CohortTerms for Terms;
    using FinalEpochs for FinalEpoch;
    using FinalEpochs for uint256;
    using SafeERC20 for IERC20;
    using VestingCurve for Curve;

    /// In one word what was paid, and above 128 bits: of an account, whether its recipient is worth reading; of all together, what
    /// the total curve had unlocked when last looked at. That never falls, so up to it the curve need not be read again. A
    /// payment adds to the word.
    struct Paid {
        uint256 word;
    }

    /// `current` is paid until `changesAt`, `next` from then on. No change waits if `changesAt` is 0; zero: the account.
    struct Recipient {
        address current;
        uint40 changesAt;
        address next;
    }

    struct Foundation {
        uint128 claimed;
        Curve curve;
    }

    bytes32 private constant CLAIM_TO_TYPEHASH = keccak256(
        "ClaimTo(address account,address to,uint32 epoch,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant SET_RECIPIENT_TYPEHASH = keccak256(
        "SetRecipient(address account,address to,uint256 nonce,uint256 deadline)"
    );

    /// @dev No amount of the protocol is wider.
    uint256 private constant AMOUNT_BITS = 128;

    /// @inheritdoc IVestingVault
    /// @dev Long enough that whoever looks at a wallet once a week sees the change in time.
    uint40 public constant RECIPIENT_DELAY = 7 days;
    /// @inheritdoc IVestingVault
    uint256 public constant MAX_COHORT_LENGTH = CohortTerms.MAX_COHORT_LENGTH;
    /// @inheritdoc IVestingVault
    uint256 public constant MAX_DURATION_COHORTS = CohortTerms.MAX_DURATION_COHORTS;
    /// @inheritdoc IVestingVault
    uint40 public constant MAX_LEAD = 366 days;
    /// @inheritdoc IVestingVault
    uint192 public constant CLAIM_KEY = 0;
    /// @inheritdoc IVestingVault
    uint192 public constant RECIPIENT_KEY = 1;

    /// @inheritdoc IVestingVault
    IERC20 public immutable TOKEN;
    /// @inheritdoc IVestingVault
    IEmissionCurve public immutable CURVE;
    uint40 private immutable START;
    uint40 private immutable EPOCH_LENGTH;

    /// @inheritdoc IVestingVault
    address public distributor;
    /// @inheritdoc IVestingVault
    Epoch public nextEpoch;
    Paid private _payments;
    Curve private _total;
    mapping(Epoch epoch => FinalEpoch settled) private _finals;
    mapping(address account => Paid slot) private _accounts;
    mapping(address account => Recipient recipient) private _recipients;
    mapping(address foundation => Foundation state) private _foundations;
    EpochHistory.History private _terms;

    /// @param initialAuthority The access manager.
    /// @param token What is granted and paid out.
    /// @param curve The emission curve, for the clock of epochs.
    /// @param cohortEpochs Epochs in a cohort, from epoch 0 on.
    /// @param duration For how long a cohort is released, in seconds, from epoch 0 on.
    constructor(
        address initialAuthority,
        IERC20 token,
        IEmissionCurve curve,
        uint32 cohortEpochs,
        uint40 duration
    ) AccessManaged(initialAuthority) EIP712("VestingVault", "1") {
        TOKEN = token;
        CURVE = curve;
        START = curve.START();
        EPOCH_LENGTH = curve.EPOCH_LENGTH();
        _pushTerms(Epoch.wrap(0), cohortEpochs, duration);
    }

    /* ANYONE */

    /// @inheritdoc IVestingVault
    function claim(Claim calldata entry) external returns (uint256 paid) {
        return _claim(entry, address(0));
    }

    /// @inheritdoc IVestingVault
    /// @dev A call of its own for each entry undoes whatever a bad one did, and brings back its own error.
    function claimMany(Claim[] calldata entries) external returns (uint256 paid) {
        for (uint256 i = 0; i < entries.length; ++i) {
            try this.claim(entries[i]) returns (uint256 amount) {
                paid += amount;
            } catch (bytes memory reason) {
                emit ClaimSkipped(entries[i].account, entries[i].epoch, reason);
            }
        }
    }

    /// @inheritdoc IVestingVault
    function claimFoundation(address foundation) external returns (uint256 paid) {
        Foundation storage self = _foundations[foundation];
        uint256 unlocked = self.curve.unlockedAt(block.timestamp);
        uint256 taken = self.claimed;
        require(unlocked > taken, VestingVault_NothingToClaim(foundation, unlocked, taken));

        paid = unlocked - taken;
        // A curve never holds more than 128 bits.
        self.claimed = uint128(unlocked);
        _release(paid);
        emit FoundationClaimed(foundation, paid, unlocked);

        TOKEN.safeTransfer(foundation, paid);
    }

    /* MINERS */

    /// @inheritdoc IVestingVault
    function claimTo(Claim calldata entry, address to) external returns (uint256 paid) {
        require(msg.sender == entry.account, VestingVault_NotAccount(msg.sender, entry.account));
        require(to != address(0), VestingVault_RecipientZero());
        return _claim(entry, to);
    }

    /// @inheritdoc IVestingVault
    function claimToBySig(
        Claim calldata entry,
        address to,
        uint256 deadline,
        bytes calldata signature
    ) external returns (uint256 paid) {
        address account = entry.account;
        require(to != address(0), VestingVault_RecipientZero());
        uint256 nonce = _useNonce(account, CLAIM_KEY);
        bytes32 message = keccak256(abi.encode(CLAIM_TO_TYPEHASH, account, to, entry.epoch, nonce, deadline));
        _checkSignature(account, message, deadline, signature);
        return _claim(entry, to);
    }

    /// @inheritdoc IVestingVault
    function cancelSignedClaims() external {
        emit SignedClaimsCancelled(msg.sender, _useNonce(msg.sender, CLAIM_KEY));
    }

    /// @inheritdoc IVestingVault
    function setRecipient(address to) external {
        _useNonce(msg.sender, RECIPIENT_KEY);
        address from = recipientOf(msg.sender);
        (address waiting, uint40 changesAt) = pendingRecipientOf(msg.sender);

        address stored = to == msg.sender ? address(0) : to;
        _redirect(msg.sender, stored != address(0));
        _recipients[msg.sender] = Recipient({current: stored, changesAt: 0, next: address(0)});
        if (changesAt != 0) emit RecipientChangeCancelled(msg.sender, waiting);
        emit RecipientChanged(msg.sender, from, _orAccount(stored, msg.sender));
    }

    /// @inheritdoc IVestingVault
    function setRecipientBySig(address account, address to, uint256 deadline, bytes calldata signature) external {
        uint256 nonce = _useNonce(account, RECIPIENT_KEY);
        bytes32 message = keccak256(abi.encode(SET_RECIPIENT_TYPEHASH, account, to, nonce, deadline));
        _checkSignature(account, message, deadline, signature);

        address from = recipientOf(account);
        uint40 changesAt = uint40(block.timestamp) + RECIPIENT_DELAY;
        _redirect(account, true);
        _recipients[account] = Recipient({current: from, changesAt: changesAt, next: to});
        emit RecipientChangeScheduled(account, from, _orAccount(to, account), changesAt);
    }

    /// @inheritdoc IVestingVault
    function cancelRecipient() external {
        (address waiting, uint40 changesAt) = pendingRecipientOf(msg.sender);
        require(changesAt != 0, VestingVault_NoRecipientPending(msg.sender));

        _useNonce(msg.sender, RECIPIENT_KEY);
        address current = _recipients[msg.sender].current;
        _redirect(msg.sender, current != msg.sender);
        _recipients[msg.sender] = Recipient({current: current, changesAt: 0, next: address(0)});
        emit RecipientChangeCancelled(msg.sender, waiting);
    }

    /* DISTRIBUTOR */

    /// @inheritdoc IVestingVault
    function settle(Grant calldata grant) external {
        require(msg.sender == distributor, VestingVault_NotDistributor(msg.sender, distributor));
        Epoch epoch = grant.epoch;
        require(epoch == nextEpoch, VestingVault_EpochOutOfOrder(epoch, nextEpoch));

        uint256 added = uint256(grant.granted) + grant.foundationGranted;
        uint256 granted = totalGranted() + added;
        nextEpoch = epoch.next();
        _finals[epoch] = FinalEpochs.pack(grant.root, grant.leafCount, granted);

        Curve memory curve = _total;
        curve = curve.roll(grant.end).accelerateEach(grant.accelerated).join(added, grant.cohortEnd, grant.duration);
        _total = curve;
        // A curve never holds more than 128 bits.
        _payments.word = (curve.unlockedAt(block.timestamp) << AMOUNT_BITS) | uint128(_payments.word);

        emit RootAccepted(epoch, grant.root, grant.leafCount, grant.granted, grant.foundationGranted, granted);
        if (grant.foundationGranted != 0) _grantFoundation(grant);
    }

    /* GOVERNANCE */

    /// @inheritdoc IVestingVault
    function setDistributor(address newDistributor) external restricted {
        require(distributor == address(0), VestingVault_DistributorAlreadySet(distributor));
        require(newDistributor != address(0), VestingVault_DistributorZero());
        distributor = newDistributor;
        emit DistributorSet(newDistributor);
    }

    /// @inheritdoc IVestingVault
    function scheduleTerms(Epoch from, uint32 cohortEpochs, uint40 duration) external restricted {
        uint40 start = EpochClock.startOf(START, EPOCH_LENGTH, from);
        uint40 present = uint40(block.timestamp);
        require(start > present, VestingVault_EpochStarted(from, start, present));
        uint40 latest = (present > START ? present : START) + MAX_LEAD;
        require(start <= latest, VestingVault_TooFarAhead(from, start, latest));
        _terms.checkCalendar(from, START, EPOCH_LENGTH);
        _pushTerms(from, cohortEpochs, duration);
    }

    /* VIEWS */

    /// @inheritdoc IVestingVault
    function rootOf(Epoch epoch) external view returns (bytes32 root, uint32 leafCount) {
        return _finals[epoch].tree();
    }

    /// @inheritdoc IVestingVault
    function grantedUpTo(Epoch epoch) external view returns (uint256) {
        return _finals[epoch].totalGranted;
    }

    /// @inheritdoc IVestingVault
    function totalGranted() public view returns (uint256) {
        uint32 count = nextEpoch.number();
        return count == 0 ? 0 : _finals[Epoch.wrap(count - 1)].totalGranted;
    }

    /// @inheritdoc IVestingVault
    function released() external view returns (uint256) {
        return uint128(_payments.word);
    }

    /// @inheritdoc IVestingVault
    function claimed(address account) external view returns (uint256) {
        return uint128(_accounts[account].word);
    }

    /// @inheritdoc IVestingVault
    function foundationClaimed(address foundation) external view returns (uint256) {
        return _foundations[foundation].claimed;
    }

    /// @inheritdoc IVestingVault
    function claimable(Claim calldata entry) external view returns (uint256) {
        (, address account, uint256 unlocked) = _open(entry);
        uint256 taken = uint128(_accounts[account].word);
        return unlocked > taken ? unlocked - taken : 0;
    }

    /// @inheritdoc IVestingVault
    function foundationClaimable(address foundation) external view returns (uint256) {
        // What was unlocked never falls, so it is never below what was paid.
        return _foundations[foundation].curve.unlockedAt(block.timestamp) - _foundations[foundation].claimed;
    }

    /// @inheritdoc IVestingVault
    function recipientOf(address account) public view returns (address) {
        if (_accounts[account].word >> AMOUNT_BITS == 0) return account;
        Recipient storage recipient = _recipients[account];
        uint40 changesAt = recipient.changesAt;
        bool changed = changesAt != 0 && changesAt <= block.timestamp;
        return _orAccount(changed ? recipient.next : recipient.current, account);
    }

    /// @inheritdoc IVestingVault
    function pendingRecipientOf(address account) public view returns (address to, uint40 effectiveAt) {
        Recipient storage recipient = _recipients[account];
        effectiveAt = recipient.changesAt;
        if (effectiveAt <= block.timestamp) return (address(0), 0);
        to = _orAccount(recipient.next, account);
    }

    /// @inheritdoc IVestingVault
    function totalCurve() external view returns (Curve memory) {
        return _total;
    }

    /// @inheritdoc IVestingVault
    function totalCurveHash() external view returns (bytes32) {
        return _total.hash();
    }

    /// @inheritdoc IVestingVault
    function foundationCurve(address foundation) external view returns (Curve memory) {
        return _foundations[foundation].curve;
    }

    /// @inheritdoc IVestingVault
    function unlockedTotalAt(uint40 time) external view returns (uint256) {
        return _total.unlockedAt(time);
    }

    /// @inheritdoc IVestingVault
    function cohortOf(Epoch epoch) external view returns (uint40 cohortEnd, uint40 duration) {
        Terms memory terms = _terms.termsAt(epoch);
        return (terms.cohortEndOf(epoch, START, EPOCH_LENGTH), terms.duration);
    }

    /// @inheritdoc IVestingVault
    function termsAt(Epoch epoch) external view returns (Epoch since, uint32 cohortEpochs, uint40 duration) {
        Terms memory terms = _terms.termsAt(epoch);
        return (terms.since, terms.cohortEpochs, terms.duration);
    }

    /// @inheritdoc IVestingVault
    function nonces(address owner, uint192 key) public view override(IVestingVault, NoncesKeyed) returns (uint256) {
        return super.nonces(owner, key);
    }

    /* INTERNAL */

    /// The one place where miners are paid. `to` zero: the account, or the recipient it chose.
    function _claim(Claim calldata entry, address to) private returns (uint256 paid) {
        (Epoch epoch, address account, uint256 unlocked) = _open(entry);
        Paid storage self = _accounts[account];
        uint256 word = self.word;
        uint256 taken = uint128(word);
        if (unlocked <= taken) revert VestingVault_NothingToClaim(account, unlocked, taken);
        if (to == address(0)) to = word >> AMOUNT_BITS == 0 ? account : recipientOf(account);

        // Unlocked is at most what was granted, which is below 2^128.
        unchecked {
            paid = unlocked - taken;
            self.word = word + paid;
        }
        _release(paid);
        emit RewardClaimed(account, to, epoch, paid, unlocked);

        TOKEN.safeTransfer(to, paid);
    }

    /// Whose leaf of which epoch a claim opens, and what of it is unlocked by now, once it is proven to be one.
    function _open(Claim calldata entry) private view returns (Epoch epoch, address account, uint256 unlocked) {
        bytes32 leaf;
        uint256 sum;
        uint256 index;
        bytes32[] calldata proof;
        (epoch, account, leaf, unlocked, sum, index, proof) = entry.open(block.timestamp);
        uint256 head = _finals[epoch].head;
        if (!head.holds(leaf, index, proof)) {
            require(epoch < nextEpoch, VestingVault_EpochNotFinal(epoch, nextEpoch));
            revert VestingVault_ProofInvalid(account, epoch);
        }
        if (!head.isWithin(sum)) {
            uint256 granted = _finals[epoch].totalGranted;
            require(sum <= granted, VestingVault_CurveAboveGranted(sum, granted));
        }
    }

    /// Counts a payment, and holds all of them together against the total curve (VEST-3).
    function _release(uint256 amount) private {
        uint256 word = _payments.word;
        uint256 sum = uint128(word) + amount;
        if (sum > word >> AMOUNT_BITS) {
            uint256 unlocked = _total.unlockedAt(block.timestamp);
            require(sum <= unlocked, VestingVault_AboveUnlocked(sum, unlocked));
            // A curve never holds more than 128 bits.
            _payments.word = (unlocked << AMOUNT_BITS) | sum;
        } else {
            // No carry: the sum is not above the floor, which has 128 bits.
            unchecked {
                _payments.word = word + amount;
            }
        }
    }

    function _redirect(address account, bool redirected) private {
        _accounts[account].word = (redirected ? 1 << AMOUNT_BITS : 0) | uint128(_accounts[account].word);
    }

    function _grantFoundation(Grant calldata grant) private {
        Foundation storage self = _foundations[grant.foundation];
        Curve memory curve = self.curve;
        self.curve = curve.roll(grant.end).join(grant.foundationGranted, grant.cohortEnd, grant.duration);
        emit FoundationGranted(grant.epoch, grant.foundation, grant.foundationGranted);
    }

    function _pushTerms(Epoch from, uint32 cohortEpochs, uint40 duration) private {
        Terms memory terms = Terms({since: from, cohortEpochs: cohortEpochs, duration: duration});
        Terms memory old = _terms.push(terms, EPOCH_LENGTH);
        emit TermsScheduled(from, old.cohortEpochs, old.duration, cohortEpochs, duration);
    }

    function _checkSignature(
        address account,
        bytes32 message,
        uint256 deadline,
        bytes calldata signature
    ) private view {
        require(block.timestamp <= deadline, VestingVault_SignatureExpired(deadline, block.timestamp));
        require(
            SignatureChecker.isValidSignatureNowCalldata(account, _hashTypedDataV4(message), signature),
            VestingVault_SignatureInvalid(account)
        );
    }

    function _orAccount(address chosen, address account) private pure returns (address) {
        return chosen == address(0) ? account : chosen;
    }
}
