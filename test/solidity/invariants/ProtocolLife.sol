// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {EpochState, IEpochDistributor} from "../../../contracts/distribution/interfaces/IEpochDistributor.sol";
import {EpochRecord} from "../../../contracts/distribution/interfaces/IEpochParameters.sol";
import {Proposal} from "../../../contracts/distribution/interfaces/IProposalBook.sol";
import {Outcome, Settlement} from "../../../contracts/distribution/interfaces/ISettlementArithmetic.sol";
import {Epoch} from "../../../contracts/types/Epoch.sol";
import {Curve, VestingCurve} from "../../../contracts/vesting/libraries/VestingCurve.sol";
import {Community} from "./Community.sol";
import {ProtocolFixture} from "./ProtocolFixture.sol";

/// @title ProtocolLife
/// @notice The steps of an epoch's life as the handler takes them, and the books that it keeps of what the protocol should come to.
abstract contract ProtocolLife is ProtocolFixture {
    using VestingCurve for Curve;

    Community public community = new Community();

    /// @notice The first broken promise seen within a call, by its id; empty if there is none.
    string public violation;

    /* GHOSTS: WHAT THE PROTOCOL SHOULD COME TO, BOOKED INDEPENDENTLY */

    uint256 public budgetsClosed;
    uint256 public supply = GENESIS;
    uint256 public reserveBooked;
    uint256 public depositsPending;
    uint256 public depositsJoined;
    uint256 public granted;
    uint256 public foundationGranted;
    uint256 public bondsOpen;
    uint256 public depositsOpen;
    uint256 public owed;
    uint256 public finals;
    uint256 public claimsPaid;
    uint256 public changes;
    uint256 public vetoes;
    uint256 public disproofs;
    uint256 public answers;
    uint40 public deadline;
    /// The latest `until` that answers can lead to.
    uint40 public latest;
    uint256 public lastUnlocked;
    mapping(address account => uint256) public paid;
    mapping(address account => uint256) public entitled;
    address[] public foundations;

    EpochRecord[] internal _records;
    Settlement internal _settlement;
    /// The pending proposal's leaves that were demanded and not shown.
    uint32[] internal _demanded;

    modifier watched() {
        _;
        _watch();
    }

    /* STEPS OF AN EPOCH'S LIFE */

    function _step(uint256 seed) internal {
        Epoch epoch = distributor.nextToFinalise();
        EpochState state = distributor.stateOf(epoch);
        if (state == EpochState.Open) {
            uint40 end = curve.endOf(epoch);
            if (block.timestamp < end) vm.warp(end + (seed % 5 == 0 ? (seed >> 8) % (2 * DAY) : 0));
            _close();
        } else if (state == EpochState.Closed) {
            _propose(seed);
        } else {
            while (_demanded.length != 0) if (!_resolve(seed)) return;
            if (block.timestamp < deadline) vm.warp(deadline + (seed % 4 == 0 ? (seed >> 8) % DAY : 0));
            _finalise();
        }
    }

    function _settleOne(uint256 seed) internal {
        while (finals == 0) _step(seed);
    }

    function _close() internal {
        Epoch epoch = distributor.nextToClose();
        if (block.timestamp < curve.endOf(epoch)) return;
        (EpochRecord memory record, ) = parameters.recordAt(epoch);
        distributor.closeEpoch();
        _records.push(record);
        budgetsClosed += record.budget;
        uint256 sum = 0;
        for (uint256 i = 0; i < record.weights.length; ++i) sum += record.weights[i];
        _require(sum == 1e18, "SETL-3 weights sum to one");
        _require(distributor.stateOf(epoch) == EpochState.Closed, "ROOT-1 a closed epoch is closed");
    }

    function _propose(uint256 seed) internal {
        Epoch epoch = distributor.nextToFinalise();
        EpochRecord memory record = _records[epoch.number()];
        if (block.timestamp < distributor.pausedUntil()) vm.warp(distributor.pausedUntil());
        _settlement = community.prepare(record, reserve.reserve(), vault.totalCurve(), seed);
        address operator = _operator(seed);
        bytes32 basis = distributor.basisOf(epoch);
        vm.prank(operator);
        uint256 id = distributor.propose{value: record.bond}(record, _settlement, basis);
        bondsOpen += record.bond;
        deadline = uint40(block.timestamp) + record.window;
        latest = deadline + record.window / 4;
        Proposal memory proposal = distributor.proposalOf(id);
        _require(proposal.until == deadline && proposal.bond == record.bond, "ROOT-2 the deadline is stored");
        _require(proposal.demandUntil == deadline - record.window / 4, "ROOT-2 so is that of demands");
        _require(address(proposal.verifier) == _judge(), "ROOT-2 and who judges");
        _require(distributor.stateOf(epoch) == EpochState.Proposed, "ROOT-1 a proposed epoch is proposed");
    }

    function _finalise() internal {
        EpochRecord memory record = _records[distributor.nextToFinalise().number()];
        Outcome memory outcome = distributor.ARITHMETIC().outcomeOf(record, _settlement, reserve.reserve());
        uint256 reserveBefore = reserve.reserve();
        uint256 vaultBefore = token.balanceOf(address(vault));
        uint256 bond = distributor.proposalOf(distributor.pendingProposal()).bond;
        distributor.finalise(record, _settlement);

        uint256 all = _settlement.granted + outcome.foundationGranted;
        _require(
            all + outcome.withheld == record.budget + outcome.injected,
            "SETL-1 granted + withheld = budget + injected"
        );
        _require(outcome.withheld == 0 || outcome.injected == 0, "SETL-1 never both ways");
        _require(token.balanceOf(address(vault)) == vaultBefore + all, "SETL-2 the vault gets what was granted");
        int256 sum = outcome.reasons.reserveReturn + outcome.reasons.noMiner + outcome.reasons.participation;
        sum += outcome.reasons.priceAndClamp + outcome.reasons.emptyTask + outcome.reasons.capAndRounding;
        _require(sum == int256(uint256(record.budget)) - int256(all), "SETL-2 the reasons add up");
        uint256 share = (all * record.foundationShare) / 1e18;
        _require(outcome.foundationGranted <= share + 1, "SETL-4 the foundation gets its share at most");
        _require(_settlement.granted != 0 || outcome.foundationGranted == 0, "SETL-4 no miners, no income");
        uint256 most = record.budget + reserveBefore / record.reserve.smoothing;
        _require(outcome.payout <= most, "RSRV-2 the payout stays under its ceiling");
        _require(outcome.injected <= reserveBefore / record.reserve.smoothing, "RSRV-1 at most S / T comes out");

        ++finals;
        supply += record.budget;
        granted += all;
        foundationGranted += outcome.foundationGranted;
        reserveBooked = reserveBooked + outcome.withheld + depositsPending - outcome.injected;
        depositsJoined += depositsPending;
        depositsPending = 0;
        bondsOpen -= bond;
        owed += bond;
        deadline = 0;
        _checkRaised(record);
    }

    /// @dev VEST-2: whatever was accelerated, no member has less at any later time than with the curve before.
    function _checkRaised(EpochRecord memory record) internal {
        uint32 epoch = record.epoch.number();
        if (epoch == 0) return;
        for (uint256 i = 0; i < community.MEMBERS(); ++i) {
            Curve memory older = community.curveOf(epoch - 1, i);
            Curve memory newer = community.curveOf(epoch, i);
            for (uint256 t = record.end; t < record.end + 10 * DAY; t += DAY + 7) {
                _require(newer.unlockedAt(t) >= older.unlockedAt(t), "VEST-2 acceleration and grants only raise");
            }
        }
    }

    function _operator(uint256 seed) internal returns (address operator) {
        for (uint256 i = 0; i < _operators.length; ++i) {
            operator = _operators[(seed + i) % _operators.length];
            if (!distributor.suspended(operator)) return operator;
        }
        distributor.readmit(operator);
    }

    /* WHAT OTHER PARTS OF THE HANDLER KNOW */

    /// @dev Has one demanded leaf shown, or drops the proposal if it is too late for that; says whether it is pending still.
    function _resolve(uint256 seed) internal virtual returns (bool);

    /// @dev Who judges what is proposed now.
    function _judge() internal view virtual returns (address);

    /* HELPERS */

    function _finaliseCall() internal view returns (bytes memory) {
        EpochRecord memory record = _records[distributor.nextToFinalise().number()];
        return abi.encodeCall(IEpochDistributor.finalise, (record, _settlement));
    }

    function _mustFail(address target, bytes memory data, string memory id) internal {
        (bool success, ) = target.call(data);
        _require(!success, id);
    }

    function _watch() internal {
        uint256 unlocked = vault.unlockedTotalAt(uint40(block.timestamp));
        _require(unlocked >= lastUnlocked, "VEST-1 what is unlocked never falls");
        lastUnlocked = unlocked;
        uint256 pending = distributor.pendingProposal();
        if (pending == 0) return;
        uint40 until = distributor.proposalOf(pending).until;
        _require(until >= deadline, "ROOT-2 nothing shortens a window");
        _require(until <= latest, "ROOT-2 all answers together lengthen it by a quarter at most");
    }

    function _require(bool holds, string memory id) internal {
        if (!holds && bytes(violation).length == 0) violation = id;
    }
}
