// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IEmissionCurve} from "../../../contracts/emission/interfaces/IEmissionCurve.sol";
import {StabilizationReserve} from "../../../contracts/reserve/StabilizationReserve.sol";
import {UnitPool} from "../../../contracts/reserve/UnitPool.sol";
import {ReserveParameters} from "../../../contracts/reserve/interfaces/IStabilizationReserve.sol";
import {MiningToken} from "../../../contracts/token/MiningToken.sol";
import {IMiningToken} from "../../../contracts/token/interfaces/IMiningToken.sol";
import {Base} from "../Base.sol";

/// @notice The release of a unit, for any terms.
contract UnitPoolReleaseTest is Base {
    uint40 private constant START = 1_700_006_400;
    address private immutable AUTHORITY = deployed("MiningAuthority", abi.encode(address(this)));

    function testFuzz_ReleasesAllAndNeverFalls(
        uint128 perUnit,
        uint32 units,
        uint40 releaseOver,
        uint40 first,
        uint40 second
    ) public {
        UnitPool pool = _pool(perUnit, units, releaseOver);
        (uint256 saleEnd, uint256 over) = (pool.SALE_END(), pool.RELEASE_OVER());
        uint256 earlier = saleEnd + (over == 0 ? first : first % (2 * over));
        uint256 later = earlier + second;
        uint256 atEarlier = pool.releasedPerUnitAt(earlier);
        uint256 atLater = pool.releasedPerUnitAt(later);
        assertLe(atEarlier, atLater, "POOL-1 what is released never falls");
        assertLe(atLater, pool.PER_UNIT(), "POOL-1 a unit never releases more than its own");
        assertEq(pool.releasedPerUnitAt(saleEnd - 1), 0, "POOL-1 nothing before the sale's end");
        assertEq(pool.releasedPerUnitAt(saleEnd + over), pool.PER_UNIT(), "POOL-1 all at the end, to the wei");
        assertEq(pool.PER_UNIT() * pool.UNITS(), pool.ALLOCATION(), "POOL-2 every wei belongs to a unit");
        if (earlier - saleEnd < over) {
            // Rounded down by less than a wei: the exact figure lies in [x, x + 1).
            uint256 exact = pool.PER_UNIT() * (earlier - saleEnd);
            assertLe(atEarlier * over, exact, "POOL-1 rounded down");
            assertLt(exact, (atEarlier + 1) * over, "POOL-1 by less than a wei");
        }
    }

    function testFuzz_RefusesWhatIsNotAMultiple(uint128 allocation, uint32 units) public {
        // Every allocation splits into one unit.
        if (units < 2) units = 2;
        if (allocation % units == 0 && allocation != 0) --allocation;
        vm.expectPartialRevert(bytes4(keccak256("UnitPool_AllocationUneven(uint256,uint256,uint256)")));
        new UnitPool(AUTHORITY, allocation, units, START + 1 days, 1 days);
    }

    function _pool(uint128 perUnit, uint32 units, uint40 releaseOver) private returns (UnitPool) {
        vm.warp(START);
        units = uint32(bound(units, 1, type(uint32).max));
        uint256 each = bound(perUnit, 1, type(uint128).max / units);
        releaseOver = uint40(bound(releaseOver, 0, 30 * 366 days));
        return new UnitPool(AUTHORITY, uint128(each * units), units, START + 10 days, releaseOver);
    }
}

/// @title PoolHandler
/// @notice What may happen to a pool of units, in any order: governance books, buyers claim, somebody closes, epochs become final
/// and raise or drain the reserve, donors give, attackers try. It is governance and the reserve's distributor itself.
/// @dev Every action either succeeds or notes in {violation} why it should have.
contract PoolHandler is Base {
    uint40 private constant START = 1_700_006_400;
    uint40 public constant SALE_END = START + 12 days;
    uint40 public constant RELEASE_OVER = 20 days;
    uint32 public constant UNITS = 97;
    /// @dev Not a multiple of the release's seconds, so that every division has something to round.
    uint128 public constant PER_UNIT = 1_000e18 + 7;
    uint128 public constant ALLOCATION = PER_UNIT * UNITS;
    uint256 public constant BUYERS = 6;

    UnitPool public pool;
    MiningToken public token;
    StabilizationReserve public reserve;

    /// @notice The first broken promise seen within a call, by its id; empty if there is none.
    string public violation;

    /* GHOSTS */

    uint256 public booked;
    uint256 public returned;
    uint256 public closings;
    uint256 public donated;
    uint256 public withheld;
    uint256 public injected;
    uint256 public paidInAll;
    mapping(address account => uint256) public units;
    mapping(address account => uint256) public paid;
    mapping(bytes4 action => uint256) public done;

    constructor() {
        vm.warp(START);
        address manager = deployed("MiningAuthority", abi.encode(address(this)));
        pool = UnitPool(deployed("UnitPool", abi.encode(manager, ALLOCATION, UNITS, SALE_END, RELEASE_OVER)));
        IMiningToken.Allocation[] memory genesis = new IMiningToken.Allocation[](2);
        genesis[0] = IMiningToken.Allocation(address(pool), ALLOCATION);
        genesis[1] = IMiningToken.Allocation(address(this), ALLOCATION);
        token = MiningToken(deployed("MiningToken", abi.encode("Lode", "LODE", manager, genesis, 1)));
        IEmissionCurve.Period[] memory table = new IEmissionCurve.Period[](1);
        table[0] = IEmissionCurve.Period(START + 1 days, 1);
        address curve = deployed("EmissionCurve", abi.encode(START, 1 days, table));
        ReserveParameters memory noLaw;
        noLaw.smoothing = 2;
        reserve = StabilizationReserve(deployed("StabilizationReserve", abi.encode(manager, token, curve, noLaw)));
        reserve.setDistributor(address(this));
        reserve.registerPool(address(pool));
        pool.setReserve(reserve);
    }

    /// @notice Buyers by number.
    function buyerAt(uint256 index) public pure returns (address) {
        return address(uint160(0xb0b0 + index));
    }

    /* ACTIONS */

    /// @notice Time passes.
    function pass(uint256 seed) external {
        seed = _mixed(seed);
        vm.warp(block.timestamp + (seed % 5 == 0 ? seed % 97 : seed % 4 days));
        ++done[this.pass.selector];
    }

    /// @notice Governance books units to one buyer or several; once the pool is closed it must fail.
    function allot(uint256 seed) external {
        seed = _mixed(seed);
        uint256 left = UNITS - booked;
        uint256 count = 1 + (seed % 3);
        if (left < count || closings != 0) {
            _mustFail(
                _allotment(1, seed, closings == 0 ? left + 1 : 1),
                "POOL-2 no more than all units, never after close"
            );
            return;
        }
        address[] memory accounts = new address[](count);
        uint256[] memory amounts = new uint256[](count);
        for (uint256 i = 0; i < count; ++i) {
            accounts[i] = buyerAt((seed >> (8 * i)) % BUYERS);
            // Each leaves at least one unit for those behind it; now and then everything that is left is sold.
            uint256 most = left - (count - 1 - i);
            amounts[i] = (seed >> 64) % 31 == 0 ? most : 1 + ((seed >> (16 * i + 32)) % (most < 9 ? most : 9));
            left -= amounts[i];
            units[accounts[i]] += amounts[i];
            booked += amounts[i];
        }
        pool.allot(accounts, amounts);
        ++done[this.allot.selector];
    }

    /// @notice A buyer is paid what was released, by a stranger or elsewhere; what has nothing to claim must fail.
    function claim(uint256 seed) external {
        seed = _mixed(seed);
        address account = buyerAt(seed % BUYERS);
        uint256 due = units[account] * _releasedPerUnit() - paid[account];
        bool elsewhere = (seed >> 8) % 2 == 0;
        address to = elsewhere ? address(0xe15e) : account;
        if (due == 0) {
            _mustFail(abi.encodeCall(pool.claim, (account)), "POOL-1 nothing released, nothing paid");
            return;
        }
        uint256 before = token.balanceOf(to);
        uint256 amount;
        if (elsewhere) {
            vm.prank(account);
            amount = pool.claimTo(to);
        } else {
            amount = pool.claim(account);
        }
        _require(amount == due, "POOL-1 a claim pays the difference and no more");
        _require(token.balanceOf(to) == before + due, "POOL-1 a claim pays what it says");
        paid[account] += due;
        paidInAll += due;
        ++done[this.claim.selector];
    }

    /// @notice Anyone closes after the sale; before it, and again, must fail.
    function close(uint256) external {
        if (block.timestamp < SALE_END || closings != 0) {
            _mustFail(abi.encodeCall(pool.close, ()), "POOL-4 closes once, and not before the sale's end");
            return;
        }
        uint256 before = reserve.pending();
        vm.prank(address(0xc105e));
        returned = pool.close();
        _require(returned == (UNITS - booked) * PER_UNIT, "POOL-4 what is not sold goes to the reserve");
        _require(reserve.pending() == before + returned, "RSRV-1 credits from UnitPool wait");
        ++closings;
        ++done[this.close.selector];
    }

    /// @notice An epoch becomes final: something is withheld, or at most half of S is injected.
    function settle(uint256 seed) external {
        seed = _mixed(seed);
        uint256 booking = reserve.reserve();
        if (seed % 2 == 0) {
            uint256 amount = (seed >> 8) % 1e18;
            if (amount > token.balanceOf(address(this))) return;
            token.transfer(address(reserve), amount);
            reserve.settle(amount, 0, address(0));
            withheld += amount;
        } else {
            uint256 amount = (seed >> 8) % (booking / 2 + 1);
            reserve.settle(0, amount, address(0x1213));
            injected += amount;
        }
        _require(reserve.pending() == 0, "RSRV-1 credits have joined S");
        ++done[this.settle.selector];
    }

    /// @notice Somebody sends tokens that nobody asked for.
    function donate(uint256 seed) external {
        seed = _mixed(seed);
        uint256 amount = seed % 1e18;
        if (amount > token.balanceOf(address(this))) return;
        token.transfer(address(pool), amount);
        donated += amount;
        ++done[this.donate.selector];
    }

    /// @notice What nobody may do is tried.
    function attack(uint256 seed) external {
        seed = _mixed(seed);
        address mallory = address(0xbad);
        vm.startPrank(mallory);
        _mustFail(_allotment(1, seed, 1), "POOL-2 only governance books");
        _mustFail(abi.encodeCall(pool.setReserve, (reserve)), "POOL-4 the reserve is fixed");
        _mustFail(abi.encodeCall(pool.claimTo, (mallory)), "POOL-1 who has no units is not paid");
        vm.stopPrank();
        _mustFail(abi.encodeCall(pool.setReserve, (reserve)), "POOL-4 the reserve is fixed, for governance too");
        _mustFail(_allotment(1, seed, 0), "POOL-2 nobody has no units");
        ++done[this.attack.selector];
    }

    /* HELPERS */

    /// @dev Written down a second time, from the words of the interface.
    function _releasedPerUnit() private view returns (uint256) {
        if (block.timestamp < SALE_END) return 0;
        uint256 elapsed = block.timestamp - SALE_END;
        return elapsed >= RELEASE_OVER ? PER_UNIT : (uint256(PER_UNIT) * elapsed) / RELEASE_OVER;
    }

    /// @dev A seed that is only a small number would draw the same choices everywhere.
    function _mixed(uint256 seed) private pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed)));
    }

    function _allotment(uint256 count, uint256 seed, uint256 amount) private view returns (bytes memory) {
        address[] memory accounts = new address[](count);
        uint256[] memory amounts = new uint256[](count);
        for (uint256 i = 0; i < count; ++i) (accounts[i], amounts[i]) = (buyerAt(seed % BUYERS), amount);
        return abi.encodeCall(pool.allot, (accounts, amounts));
    }

    function _mustFail(bytes memory data, string memory id) private {
        (bool success, ) = address(pool).call(data);
        _require(!success, id);
    }

    function _require(bool holds, string memory id) private {
        if (!holds && bytes(violation).length == 0) violation = id;
    }
}

/// @notice The pool's books against the handler's, after any sequence of calls.
contract UnitPoolTest is Base {
    PoolHandler private _handler;
    UnitPool private _pool;
    MiningToken private _token;
    StabilizationReserve private _reserve;
    uint256 private _supply;

    function setUp() public {
        _handler = new PoolHandler();
        _pool = _handler.pool();
        _token = _handler.token();
        _reserve = _handler.reserve();
        _supply = _token.totalSupply();
        targetSelector(address(_handler), _selectors());
    }

    function invariant_POOL1_PaidNeverExceedsReleased() public view {
        _assertNoViolation();
        uint256 perUnit = _pool.releasedPerUnitAt(block.timestamp);
        uint256 sum = 0;
        for (uint256 i = 0; i < _handler.BUYERS(); ++i) {
            address buyer = _handler.buyerAt(i);
            uint256 claimed = _pool.claimed(buyer);
            assertLe(claimed, _pool.unitsOf(buyer) * perUnit, "POOL-1 paid <= released, for each unit");
            assertEq(claimed, _handler.paid(buyer), "POOL-1 an account is paid what it claimed");
            assertEq(
                claimed + _pool.claimable(buyer),
                _pool.unitsOf(buyer) * perUnit,
                "POOL-1 paid + claimable == released"
            );
            sum += claimed;
        }
        assertEq(_pool.paid(), sum, "POOL-1 all payments are booked");
    }

    function invariant_POOL2_SoldAndUnsoldAreAllUnits() public view {
        _assertNoViolation();
        uint256 sum = 0;
        for (uint256 i = 0; i < _handler.BUYERS(); ++i) {
            uint256 units = _pool.unitsOf(_handler.buyerAt(i));
            assertEq(units, _handler.units(_handler.buyerAt(i)), "POOL-2 what was booked stays booked");
            sum += units;
        }
        assertEq(_pool.sold(), sum, "POOL-2 sold == units of all accounts");
        assertEq(_pool.sold() + _pool.unsold(), _pool.UNITS(), "POOL-2 sold + unsold == units");
    }

    function invariant_POOL3_BalanceCoversWhatIsOwed() public view {
        _assertNoViolation();
        uint256 balance = _token.balanceOf(address(_pool));
        assertEq(balance, _pool.locked() + _handler.donated(), "POOL-3 balance == books + donations");
        assertGe(balance, _pool.sold() * _pool.PER_UNIT() - _pool.paid(), "POOL-3 balance >= allotted - paid");
    }

    function invariant_POOL4_ClosesOnce() public view {
        _assertNoViolation();
        assertLe(_handler.closings(), 1, "POOL-4 closes at most once");
        assertEq(_pool.closed(), _handler.closings() == 1, "POOL-4 closed for good");
        uint256 expected = _pool.closed() ? _pool.unsold() * _pool.PER_UNIT() : 0;
        assertEq(_handler.returned(), expected, "POOL-4 exactly what is not sold went to the reserve");
    }

    function invariant_POOL5_SupplyUnchanged() public view {
        _assertNoViolation();
        assertEq(_token.totalSupply(), _supply, "POOL-5 no token comes into being or goes");
        uint256 everywhere = _token.balanceOf(address(_pool)) + _handler.paidInAll() + _handler.returned();
        assertEq(everywhere, _pool.ALLOCATION() + _handler.donated(), "POOL-5 held + paid + returned == allocation");
    }

    function invariant_RSRV1_CreditsRaiseTheReserve() public view {
        _assertNoViolation();
        uint256 books = _reserve.reserve() + _reserve.pending();
        assertEq(
            books,
            _handler.withheld() + _handler.returned() - _handler.injected(),
            "RSRV-1 S' = S + withheld - injected + credits from UnitPool"
        );
        assertEq(_token.balanceOf(address(_reserve)), books, "RSRV-1 the reserve holds what it books");
    }

    /// @dev In the end everybody gets exactly what the units promised, and the run was worth something.
    function afterInvariant() public {
        _assertNoViolation();
        uint256 end = uint256(_handler.SALE_END()) + _handler.RELEASE_OVER();
        // Never back: what the pool holds is remembered by time.
        if (block.timestamp < end) vm.warp(end);
        if (!_pool.closed()) _pool.close();
        for (uint256 i = 0; i < _handler.BUYERS(); ++i) {
            address buyer = _handler.buyerAt(i);
            if (_pool.claimable(buyer) != 0) _pool.claim(buyer);
            assertEq(_pool.claimed(buyer), _pool.unitsOf(buyer) * _pool.PER_UNIT(), "POOL-1 all of it in the end");
        }
        assertEq(_pool.locked(), 0, "POOL-3 nothing is stuck");
        assertEq(_token.balanceOf(address(_pool)), _handler.donated(), "POOL-3 but what nobody asked for");
        bytes4[] memory selectors = _selectors();
        uint256 all = 0;
        // Without the last one, which stands twice.
        for (uint256 i = 0; i + 1 < selectors.length; ++i) all += _handler.done(selectors[i]);
        assertGt(all, 10, "the handler's calls succeed");
    }

    function _assertNoViolation() private view {
        assertEq(_handler.violation(), "", _handler.violation());
    }

    function _selectors() private pure returns (bytes4[] memory selectors) {
        selectors = new bytes4[](8);
        selectors[0] = PoolHandler.pass.selector;
        selectors[1] = PoolHandler.allot.selector;
        selectors[2] = PoolHandler.claim.selector;
        selectors[3] = PoolHandler.close.selector;
        selectors[4] = PoolHandler.settle.selector;
        selectors[5] = PoolHandler.donate.selector;
        selectors[6] = PoolHandler.attack.selector;
        // Twice: a run is short, and a pool is released over many days.
        selectors[7] = PoolHandler.pass.selector;
    }
}
