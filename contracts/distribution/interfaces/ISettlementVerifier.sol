// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Curve} from "../../vesting/libraries/VestingCurve.sol";
import {EpochRecord} from "./IEpochParameters.sol";
import {Settlement} from "./ISettlementArithmetic.sol";

/// What can be proven to be wrong with a settlement. For each: what it proves; what the prover supplies; why no honest
/// settlement can be hit. (The eighth kind, a leaf that nobody opens when it is demanded, the distributor sees itself.)
enum Fault {
    /// Two adjacent leaves do not rise by account, so that an account could stand in the tree twice or be hidden from its
    /// neighbours. {OrderProof}: both leaves with their paths. Safe: a position is proven by its path, positions are fixed
    /// by the root, and an honest tree is sorted strictly.
    Order,
    /// A leaf's running sums are not those of the leaf before it plus its own figures; for the first leaf: not its own
    /// figures. {SumProof}: both leaves (or the first alone) with the bytes behind their audit hashes. Safe: each honest sum
    /// is exactly what the verifier adds up, with the grant computed by the libraries that settle.
    Sum,
    /// The last leaf's running sums are not the declared participants, score totals, grants and accelerated amounts.
    /// {TotalsProof}: the last leaf, with the bytes behind its audit hash. Safe: an honest declaration is the last running sum.
    Totals,
    /// The leaf count is wrong: a node that covers a position below it is 0, or one that covers only positions at or above it
    /// is not. {LeafCountProof}: that node, of any level, with its path. Safe: an honest tree has a leaf at each position below
    /// its count, and zeros at all others.
    LeafCount,
    /// An account's curve is not what its curve in the previous tree (none, if it had no leaf there), its scores, its
    /// accelerated amounts and the declaration give; or nothing at all could follow from them: the accelerated amounts are not
    /// oldest first or exceed the bound, or an account without a leaf before has no score. {TransitionProof}: the leaf with
    /// the bytes behind its audit hash, and either the previous leaf with the bytes behind its curve hash or the proof that
    /// there was none. Safe: the verifier computes the curve anew with the libraries of the vault; from the same inputs an
    /// honest operator got the same bytes.
    Transition,
    /// An account of the previous tree has no leaf. {DroppedProof}: its previous leaf with the bytes behind its curve hash, and
    /// the proof that it has none now. Safe: leaves are never dropped, and where an account has a leaf, no two adjacent leaves
    /// lie around it.
    Dropped,
    /// Somewhere in the tree stand bytes that cannot be what they stand for: of another length or range than canonical, another
    /// kind of preimage, an account that can have no leaf. {MalformedProof}: the preimages from a node of the tree down to
    /// those bytes. Safe: all honest bytes are canonical, and a hash has no second preimage.
    Malformed
}

/// A leaf of a tree by the bytes that were hashed into it, as they are, and its path.
struct Opening {
    uint32 index;
    /// The sibling hashes from the leaf upwards, exactly as many as the tree is high.
    bytes32[] siblings;
    /// `abi.encode(account, curveHash, auditHash)`, if it is well formed.
    bytes leaf;
}

/// A leaf with the bytes behind its audit hash.
struct AuditOpening {
    Opening at;
    bytes audit;
}

/// A leaf with the bytes behind its curve hash.
struct CurveOpening {
    Opening at;
    bytes curve;
}

/// A node of a tree and its path. Level 0 are the leaves.
struct NodeOpening {
    uint8 level;
    /// Its position in its level, from 0.
    uint32 index;
    bytes32 node;
    /// The sibling hashes from the node upwards, exactly as many as the tree is high above it.
    bytes32[] siblings;
}

/// Two trees and everything else a proof is judged by. Made by the distributor from its own state, never by the caller.
struct Dispute {
    /// The epoch's record.
    EpochRecord record;
    /// What is disputed.
    Settlement settlement;
    /// The tree of the epoch before; both 0 for the first epoch.
    bytes32 parentRoot;
    uint32 parentLeafCount;
    /// S before the epoch, in wei.
    uint256 reserve;
    /// The vault's total curve before the epoch, as it is stored.
    Curve total;
    /// Accounts that can have no leaf: token, vault, reserve, distributor. The zero address never can.
    address[4] forbidden;
}

/// Proves {Fault-Order}.
struct OrderProof {
    Opening left;
    /// The leaf at the next position.
    Opening right;
}

/// Proves {Fault-Sum}.
struct SumProof {
    /// The leaf at the position before; none for the first leaf.
    AuditOpening[] before;
    AuditOpening leaf;
}

/// Proves {Fault-Totals}.
struct TotalsProof {
    /// The last leaf.
    AuditOpening leaf;
}

/// Proves {Fault-LeafCount}.
struct LeafCountProof {
    NodeOpening node;
}

/// Proves that an account has no leaf in a tree: adjacent leaves around it, the first leaf above it (`left` empty), the last
/// leaf below it (`right` empty), an empty tree (both empty), or a leaf of its own that is malformed (`malformed`, with the
/// other two empty), which counts as none. Each list holds one element at most.
struct Absence {
    Opening[] left;
    Opening[] right;
    CurveOpening[] malformed;
}

/// Proves {Fault-Transition}. Exactly one of `before` and `absence` holds one element, the other none.
struct TransitionProof {
    /// The account's leaf in the previous tree.
    CurveOpening[] before;
    /// That it had none.
    Absence[] absence;
    AuditOpening leaf;
}

/// Proves {Fault-Dropped}.
struct DroppedProof {
    /// The account's leaf in the previous tree.
    CurveOpening before;
    /// That it has none now; by neighbours only, for a malformed leaf is a fault of its own.
    Absence absence;
}

/// Proves {Fault-Malformed}.
struct MalformedProof {
    NodeOpening node;
    /// From the node's preimage down, each the preimage of a hash in the one before. Above the leaves one: it should be 64
    /// bytes, not all 0. At a leaf up to three: 32 bytes, then the leaf's 96, then a curve's or an audit's.
    bytes[] chain;
    /// Whether the third is an audit's; else it is a curve's.
    bool audit;
}

/// What answers a demanded leaf.
struct LeafAnswer {
    /// The sibling hashes from the leaf upwards.
    bytes32[] siblings;
    /// `abi.encode(account, curveHash, auditHash)`.
    bytes leaf;
    /// What hashes to the leaf's curve hash.
    bytes curve;
    /// What hashes to the leaf's audit hash.
    bytes audit;
}

/**
 * @title ISettlementVerifier
 * @notice Judges proofs that a settlement is wrong. One leaf, or a few with their paths, are enough to prove any fault of its
 * arithmetic; nobody has to trust who proposed it.
 *
 * Keeps nothing, holds nothing, is allowed nothing: it only says whether a proof is right, and does not ask who brings it. A
 * right proof is never refused for what a leaf contains: bytes out of range, sums that overflow, steps that could not be
 * taken are the fault, not an error. A wrong proof reverts with what is wrong with it.
 */
interface ISettlementVerifier {
    /* ERRORS */

    /// The bytes given do not stand at this place of the tree, the path has another length, or the tree has no such place.
    error SettlementVerifier_NotInTree(uint256 level, uint256 index);
    /// The second leaf must stand at the position after the first one's.
    error SettlementVerifier_NotAdjacent(uint256 left, uint256 right);
    /// A leaf shown alone, with nothing beside it, must be the first (or the last) one.
    error SettlementVerifier_NotAtEdge(uint256 index, uint256 edge);
    /// The bytes given do not hash to what is to be opened.
    error SettlementVerifier_PreimageMismatch(bytes32 given, bytes32 expected);
    /// The preimage of a leaf, a curve or an audit given as part of a proof is not well formed. Prove that instead.
    error SettlementVerifier_Malformed(uint256 index);
    /// A list holds more or fewer elements than this proof needs.
    error SettlementVerifier_LengthMismatch(uint256 given, uint256 expected);
    /// The leaves are not those of one account.
    error SettlementVerifier_AccountMismatch(uint256 given, uint256 expected);
    /// The leaves given do not lie around the account, or its own leaf is well formed.
    error SettlementVerifier_NotAbsent(uint256 account);
    /// All that was shown is as it should be.
    error SettlementVerifier_NoFault(Fault fault);

    /* ANYONE */

    /**
     * @notice Judges a proof.
     * @dev Requirements: the dispute's settlement could be proposed (see {IEpochDistributor-propose}), and its figures are
     * those of the chain. Only then does the verdict mean anything.
     * @param dispute What is disputed, and what it is judged by.
     * @param fault What the proof is said to prove.
     * @param proof The ABI encoding of the fault's struct.
     * @return Always true: reverts unless the proof proves the fault.
     */
    function proves(Dispute calldata dispute, Fault fault, bytes calldata proof) external view returns (bool);

    /**
     * @notice Judges the answer to a demanded leaf: whether it shows everything that the tree holds at this position, in the
     * lengths that every honest leaf has. Whether the figures are right is not asked: once shown, they can be disproved.
     * @param settlement What is disputed.
     * @param index The leaf's position.
     * @param answer The bytes behind the leaf and its hashes, and the path.
     * @return Always true: reverts unless the answer opens the leaf.
     */
    function opens(
        Settlement calldata settlement,
        uint32 index,
        LeafAnswer calldata answer
    ) external view returns (bool);
}
