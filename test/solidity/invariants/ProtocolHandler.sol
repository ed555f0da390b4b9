// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {EpochState, IEpochDistributor} from "../../../contracts/distribution/interfaces/IEpochDistributor.sol";
import {EpochRecord} from "../../../contracts/distribution/interfaces/IEpochParameters.sol";
import {Proposal} from "../../../contracts/distribution/interfaces/IProposalBook.sol";
import {Outcome, Settlement} from "../../../contracts/distribution/interfaces/ISettlementArithmetic.sol";
import {ITaskRegistry} from "../../../contracts/governance/interfaces/ITaskRegistry.sol";
import {Epoch} from "../../../contracts/types/Epoch.sol";
import {TaskId} from "../../../contracts/types/TaskId.sol";
import {Claim} from "../../../contracts/vesting/interfaces/IVestingVault.sol";
import {Curve, VestingCurve} from "../../../contracts/vesting/libraries/VestingCurve.sol";
import {Community} from "./Community.sol";
import {ProtocolFixture} from "./ProtocolFixture.sol";

/// @title ProtocolHandler
/// @notice What may happen to the protocol, in any order: days pass, epochs are led through their lives, miners claim with new
/// and old proofs, governance changes everything it may, guardian, donors, pools and attackers do what they can.
/// @dev Each action steers itself into a state where it can succeed. What has to hold within a call is noted in {violation},
/// because a revert is only counted (see ProtocolGate).
contract ProtocolHandler is ProtocolFixture {
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
    uint256 public bondsOwed;
    uint256 public finals;
    uint256 public claimsPaid;
    uint256 public changes;
    uint256 public drops;
    uint40 public deadline;
    uint256 public lastUnlocked;
    mapping(address account => uint256) public paid;
    mapping(address account => uint256) public entitled;
    address[] public foundations;

    EpochRecord[] private _records;
    Settlement private _settlement;
    uint256[] private _vetoed;

    constructor() {
        _deployProtocol();
        foundations.push(foundation);
        vm.prank(holder);
        token.transfer(address(this), GENESIS / 2);
        reserve.registerPool(address(this));
        token.approve(address(reserve), type(uint256).max);
    }

    modifier watched() {
        _;
        _watch();
    }

    /* ACTIONS */

    /// @notice Leads the oldest unfinished epoch one step further, waiting for as long as it takes.
    function advance(uint256 seed) external watched {
        _step(seed);
    }

    /// @notice Leads an epoch through the whole of its life.
    function settleEpoch(uint256 seed) external watched {
        uint256 before = finals;
        for (uint256 i = 0; i < 4 && finals == before; ++i) _step(seed);
    }

    /// @notice Closes epochs without settling them, and late: they have to be caught up.
    function fallBehind(uint256 seed) external watched {
        vm.warp(block.timestamp + (seed % 3) * DAY);
        for (uint256 i = 0; i < 2; ++i) _close();
    }

    /// @notice A member who has something due claims it with the proof of any final epoch, newest or old, for itself or paid
    /// elsewhere. If nobody has, the oldest unfinished epoch goes one step further.
    function claim(uint256 seed) external watched {
        if (finals == 0) _settleOne(seed);
        uint32 epoch = uint32((seed >> 8) % 3 == 0 ? (seed >> 16) % finals : finals - 1);
        uint256 members = community.MEMBERS();
        for (uint256 i = 0; i < members; ++i) if (_claim(epoch, (seed + i) % members, (seed >> 4) % 2 == 0)) return;
        _step(seed);
    }

    /// @notice All members in one batch, some of them twice, one with a broken proof.
    function claimMany(uint256 seed) external watched {
        if (finals == 0) _settleOne(seed);
        uint32 epoch = uint32(finals - 1);
        uint256 members = community.MEMBERS();
        Claim[] memory entries = new Claim[](members + 1);
        for (uint256 i = 0; i < members; ++i) entries[i] = community.claimOf(epoch, i);
        entries[members] = entries[seed % members];
        uint256 broken = (seed >> 8) % members;
        entries[broken].auditHash = keccak256("forged");
        uint256[] memory before = new uint256[](members);
        for (uint256 i = 0; i < members; ++i) before[i] = vault.claimed(community.memberAt(i));
        uint256 sum = vault.claimMany(entries);
        uint256 booked = 0;
        for (uint256 i = 0; i < members; ++i) {
            address account = community.memberAt(i);
            uint256 gained = vault.claimed(account) - before[i];
            booked += gained;
            paid[account] += gained;
            uint256 due = community.curveOf(epoch, i).unlockedAt(block.timestamp);
            if (gained != 0 && due > entitled[account]) entitled[account] = due;
        }
        _require(sum == booked, "VEST-4 a batch pays what its claims pay");
    }

    /// @notice The foundations claim what has been released to them.
    function claimFoundation(uint256 seed) external watched {
        address who = foundations[seed % foundations.length];
        uint256 due = vault.foundationClaimable(who);
        if (due == 0) return;
        paid[who] += vault.claimFoundation(who);
    }

    /// @notice Governance changes one thing from an epoch that has not started.
    function govern(uint256 seed) external watched {
        uint32 next = curve.epochAt(block.timestamp).number() + 1;
        uint256 draw = seed >> 8;
        uint256 kind = (seed >> 4) % 6;
        if (kind == 0) _changeTasks(_later(next, registry.lastChange()), draw);
        else if (kind == 1) _changeReserve(_later(next, reserve.lastChange()), draw);
        else if (kind == 2) _changeTerms(draw);
        else _changeParameters(next, kind, draw);
        ++changes;
    }

    /// @notice The guardian drops the pending proposal, or pauses proposals; governance rules, or lets it lapse.
    function interfere(uint256 seed) external watched {
        if (seed % 3 == 0) return _pause();
        if (_vetoed.length != 0 && seed % 2 == 0) return _rule(seed);
        while (distributor.pendingProposal() == 0) _step(seed);
        uint256 id = distributor.pendingProposal();
        distributor.veto(id, "false scores");
        _vetoed.push(id);
        ++drops;
        deadline = 0;
    }

    /// @notice Prices move, pools hand back, donors give, creditors withdraw.
    function disturb(uint256 seed) external watched {
        uint256 draw = seed >> 8;
        if (seed % 4 == 0) {
            uint160[6] memory prices = [0, 1, 0.2e18, 1e18, 3e18, type(uint160).max];
            price.setPrice(uint40(block.timestamp), prices[draw % 6]);
        } else if (seed % 4 == 1) {
            uint256 amount = bound(draw, 1, 1_000e18);
            reserve.deposit(amount);
            depositsPending += amount;
        } else if (seed % 4 == 2) {
            token.transfer(address(reserve), bound(draw, 1, 1e18));
        } else {
            address creditor = draw % 4 == 3 ? treasury : _operators[draw % 4];
            uint256 owed = distributor.bondCreditOf(creditor);
            if (owed != 0) bondsOwed -= distributor.withdrawBond(creditor);
        }
    }

    /// @notice What nobody may do is tried, and must fail.
    function attack(uint256 seed) external watched {
        if (finals == 0) _settleOne(seed);
        address mallory = makeAddress("mallory");
        vm.startPrank(mallory);
        _mustFail(address(token), abi.encodeCall(token.mint, (mallory, 1)), "EMIT-4 only the distributor mints");
        _mustFail(
            address(reserve),
            abi.encodeCall(reserve.settle, (0, 1, mallory)),
            "RSRV-1 only the distributor settles"
        );
        vm.stopPrank();
        _mustFail(address(token), abi.encodeCall(token.setMinter, (mallory)), "EMIT-4 the minter is fixed");
        _mustFail(address(vault), abi.encodeCall(vault.setDistributor, (mallory)), "EMIT-4 the distributor is fixed");
        _attackProofs(uint32(finals - 1), seed);
        if (distributor.pendingProposal() != 0 && block.timestamp < deadline) {
            _mustFail(address(distributor), _finaliseCall(), "ROOT-2 nothing is final before its window is over");
        }
    }

    /* CLAIMS */

    function _claim(uint32 epoch, uint256 member, bool forItself) private returns (bool) {
        if (!community.hasLeaf(epoch, member)) return false;
        Claim memory entry = community.claimOf(epoch, member);
        uint256 due = entry.curve.unlockedAt(block.timestamp);
        uint256 before = vault.claimed(entry.account);
        if (due <= before) return false;
        uint256 sum;
        if (forItself) {
            sum = vault.claim(entry);
        } else {
            vm.prank(entry.account);
            sum = vault.claimTo(entry, holder);
        }
        _require(sum == due - before, "VEST-4 a claim pays the difference and no more");
        paid[entry.account] += sum;
        if (due > entitled[entry.account]) entitled[entry.account] = due;
        ++claimsPaid;
        return true;
    }

    /* STEPS OF AN EPOCH'S LIFE */

    function _step(uint256 seed) private {
        Epoch epoch = distributor.nextToFinalise();
        EpochState state = distributor.stateOf(epoch);
        if (state == EpochState.Open) {
            uint40 end = curve.endOf(epoch);
            if (block.timestamp < end) vm.warp(end + (seed % 5 == 0 ? (seed >> 8) % (2 * DAY) : 0));
            _close();
        } else if (state == EpochState.Closed) {
            _propose(seed);
        } else {
            if (block.timestamp < deadline) vm.warp(deadline + (seed % 4 == 0 ? (seed >> 8) % DAY : 0));
            _finalise();
        }
    }

    function _settleOne(uint256 seed) private {
        while (finals == 0) _step(seed);
    }

    function _close() private {
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

    function _propose(uint256 seed) private {
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
        Proposal memory proposal = distributor.proposalOf(id);
        _require(proposal.until == deadline && proposal.bond == record.bond, "ROOT-2 the deadline is stored");
        _require(distributor.stateOf(epoch) == EpochState.Proposed, "ROOT-1 a proposed epoch is proposed");
    }

    function _finalise() private {
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
        bondsOwed += bond;
        deadline = 0;
        _checkRaised(record);
    }

    /// @dev VEST-2: whatever was accelerated, no member has less at any later time than with the curve before.
    function _checkRaised(EpochRecord memory record) private {
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

    function _operator(uint256 seed) private returns (address operator) {
        for (uint256 i = 0; i < _operators.length; ++i) {
            operator = _operators[(seed + i) % _operators.length];
            if (!distributor.suspended(operator)) return operator;
        }
        distributor.readmit(operator);
    }

    /* GOVERNANCE AND GUARDIAN */

    function _changeTasks(Epoch from, uint256 draw) private {
        if (draw % 3 == 0) {
            ITaskRegistry.TaskMinScore[] memory minScores = new ITaskRegistry.TaskMinScore[](3);
            minScores[0] = ITaskRegistry.TaskMinScore(TaskId.wrap(1), uint96(1 + (draw % 30)));
            minScores[1] = ITaskRegistry.TaskMinScore(TaskId.wrap(2), uint96(1 + ((draw >> 8) % 30)));
            minScores[2] = ITaskRegistry.TaskMinScore(TaskId.wrap(5), uint96(1 + ((draw >> 16) % 30)));
            return registry.schedulePolicy(from, keccak256(abi.encode(draw)), "ipfs://next", minScores);
        }
        uint64 first = uint64(bound(draw, 0.001e18, 0.997e18));
        uint64 second = uint64(bound(draw >> 64, 0.001e18, 0.998e18 - first + 0.001e18));
        ITaskRegistry.TaskWeight[] memory table = new ITaskRegistry.TaskWeight[](3);
        table[0] = ITaskRegistry.TaskWeight(TaskId.wrap(1), first);
        table[1] = ITaskRegistry.TaskWeight(TaskId.wrap(2), second);
        table[2] = ITaskRegistry.TaskWeight(TaskId.wrap(5), 1e18 - first - second);
        registry.scheduleTasks(from, table);
    }

    function _changeReserve(Epoch from, uint256 draw) private {
        uint32 smoothing = uint32(2 + (draw % 20));
        uint64 rho = uint64((draw >> 16) % (1e18 / smoothing + 1));
        uint64 alpha = uint64((draw >> 80) % 1e18);
        reserve.scheduleParameters(
            from,
            _law(alpha, uint64(0.01e18 + ((draw >> 144) % 2e18)), smoothing, rho, draw >> 8)
        );
    }

    /// @dev New terms at the next place where they may begin; refused ones (an older set unfinished) are part of the game.
    function _changeTerms(uint256 draw) private {
        uint32 next = curve.epochAt(block.timestamp).number() + 1;
        (Epoch since, uint32 cohortEpochs, ) = vault.termsAt(Epoch.wrap(next));
        uint32 past = (next - since.number()) % cohortEpochs;
        uint32 from = past == 0 ? next : next + cohortEpochs - past;
        uint32 length = uint32(1 + (draw % 4));
        uint40 duration = uint40((draw >> 8) % (12 * length * DAY + 1));
        try vault.scheduleTerms(Epoch.wrap(from), length, (draw >> 4) % 4 == 0 ? 0 : duration) {} catch {}
    }

    function _changeParameters(uint32 from, uint256 kind, uint256 draw) private {
        Epoch epoch = Epoch.wrap(from);
        if (kind == 3) {
            address next = draw % 2 == 0 ? foundation : makeAddress("second foundation");
            if (foundations.length == 1 && next != foundation) foundations.push(next);
            parameters.scheduleFoundation(epoch, next, uint64((draw >> 8) % 0.5e18));
        } else if (kind == 4) {
            parameters.scheduleAccountCap(epoch, uint64(bound(draw, 0.001e18, 1e18)));
            parameters.scheduleAccelerationBound(epoch, uint64((draw >> 64) % (1e18 + 1)));
        } else {
            uint32 window = uint32(bound(draw, 6 hours, DAY / 2));
            parameters.scheduleChallenge(epoch, window, uint128(bound(draw >> 32, 0.001 ether, 5 ether)));
        }
    }

    function _pause() private {
        uint40 earliest = distributor.pausedUntil() + distributor.PAUSE_COOLDOWN();
        if (block.timestamp < earliest) return;
        bool open = distributor.pendingProposal() != 0 && block.timestamp < deadline;
        distributor.pauseProposals();
        if (open) deadline += distributor.PAUSE();
    }

    function _rule(uint256 seed) private {
        uint256 id = _vetoed[_vetoed.length - 1];
        _vetoed.pop();
        Proposal memory proposal = distributor.proposalOf(id);
        if (block.timestamp >= proposal.rulingUntil) distributor.releaseBond(id);
        else distributor.ruleVeto(id, (seed >> 8) % 2 == 0);
        bondsOpen -= proposal.bond;
        bondsOwed += proposal.bond;
    }

    /* HELPERS */

    /// @notice How many foundations there have been.
    function foundationCount() external view returns (uint256) {
        return foundations.length;
    }

    function _attackProofs(uint32 epoch, uint256 seed) private {
        uint256 member = seed % community.MEMBERS();
        if (!community.hasLeaf(epoch, member)) return;
        string memory id = "ROOT-3 only a leaf at its place verifies";
        for (uint256 kind = 0; kind < 4; ++kind) {
            Claim memory entry = community.claimOf(epoch, member);
            bytes32[] memory longer = new bytes32[](entry.proof.length + 1);
            for (uint256 i = 0; i < entry.proof.length; ++i) longer[i] = entry.proof[i];
            if (kind == 0) entry.account = makeAddress("mallory");
            else if (kind == 1) entry.curve.unlocked += 1;
            else if (kind == 2) entry.index += uint32(1 << entry.proof.length);
            else entry.proof = longer;
            _mustFail(address(vault), abi.encodeCall(vault.claim, (entry)), id);
        }
    }

    function _finaliseCall() private view returns (bytes memory) {
        EpochRecord memory record = _records[distributor.nextToFinalise().number()];
        return abi.encodeCall(IEpochDistributor.finalise, (record, _settlement));
    }

    function _mustFail(address target, bytes memory data, string memory id) private {
        (bool success, ) = target.call(data);
        _require(!success, id);
    }

    function _later(uint32 next, Epoch last) private pure returns (Epoch) {
        return Epoch.wrap(next > last.number() ? next : last.number());
    }

    function _watch() private {
        uint256 unlocked = vault.unlockedTotalAt(uint40(block.timestamp));
        _require(unlocked >= lastUnlocked, "VEST-1 what is unlocked never falls");
        lastUnlocked = unlocked;
        uint256 pending = distributor.pendingProposal();
        if (pending == 0) return;
        _require(distributor.proposalOf(pending).until >= deadline, "ROOT-2 nothing shortens a window");
    }

    function _require(bool holds, string memory id) private {
        if (!holds && bytes(violation).length == 0) violation = id;
    }
}
