// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IEmissionCurve} from "../../../contracts/emission/interfaces/IEmissionCurve.sol";
import {ReserveParameters} from "../../../contracts/reserve/interfaces/IStabilizationReserve.sol";
import {StabilizationReserve} from "../../../contracts/reserve/StabilizationReserve.sol";
import {IMiningToken} from "../../../contracts/token/interfaces/IMiningToken.sol";
import {MiningToken} from "../../../contracts/token/MiningToken.sol";
import {Base} from "../Base.sol";

/// @title ReserveHandler
/// @notice Drives a reserve as distributor, pool, minter and donor at once, and keeps books of its own.
contract ReserveHandler is Base {
    StabilizationReserve public immutable RESERVE;
    MiningToken public immutable TOKEN;

    /// @notice Where what is injected goes.
    address public constant VAULT = address(0xA017);

    /// @notice What S, pending deposits, donations and the vault must be.
    uint256 public booked;
    uint256 public waiting;
    uint256 public donated;
    uint256 public injectedInAll;

    /// @notice How often each action did what it is for.
    mapping(bytes4 selector => uint256 times) public done;

    constructor(StabilizationReserve reserve, MiningToken token) {
        RESERVE = reserve;
        TOKEN = token;
    }

    function withhold(uint256 amount) external {
        amount = bound(amount, 0, 1e27);
        TOKEN.mint(address(RESERVE), amount);
        RESERVE.settle(amount, 0, address(0));
        booked += amount + waiting;
        waiting = 0;
        ++done[this.withhold.selector];
    }

    function inject(uint256 amount) external {
        amount = bound(amount, 0, booked / RESERVE.MIN_SMOOTHING());
        RESERVE.settle(0, amount, VAULT);
        booked = booked - amount + waiting;
        waiting = 0;
        injectedInAll += amount;
        ++done[this.inject.selector];
    }

    function injectTooMuch(uint256 amount) external {
        amount = bound(amount, booked / RESERVE.MIN_SMOOTHING() + 1, type(uint256).max);
        try RESERVE.settle(0, amount, VAULT) {
            assertTrue(false, "RSRV-1 more than S / 2 was injected");
        } catch {
            ++done[this.injectTooMuch.selector];
        }
    }

    function withholdWhatIsNotThere(uint256 amount) external {
        amount = bound(amount, donated + 1, 1e27 + donated);
        try RESERVE.settle(amount, 0, VAULT) {
            assertTrue(false, "RSRV-1 tokens were booked that had not arrived");
        } catch {
            ++done[this.withholdWhatIsNotThere.selector];
        }
    }

    function deposit(uint256 amount) external {
        amount = bound(amount, 1, 1e24);
        TOKEN.mint(address(this), amount);
        TOKEN.approve(address(RESERVE), amount);
        RESERVE.deposit(amount);
        waiting += amount;
        ++done[this.deposit.selector];
    }

    function donate(uint256 amount) external {
        amount = bound(amount, 0, 1e27);
        TOKEN.mint(address(RESERVE), amount);
        donated += amount;
        ++done[this.donate.selector];
    }
}

/// @notice The reserve's books against the handler's, after any sequence of calls.
contract StabilizationReserveTest is Base {
    StabilizationReserve private _reserve;
    MiningToken private _token;
    ReserveHandler private _handler;

    function setUp() public {
        address authority = deployed("MiningAuthority", abi.encode(address(this)));
        IMiningToken.Allocation[] memory genesis = new IMiningToken.Allocation[](0);
        _token = MiningToken(
            deployed("MiningToken", abi.encode("Lode", "LODE", authority, genesis, type(uint128).max))
        );

        IEmissionCurve.Period[] memory table = new IEmissionCurve.Period[](1);
        table[0] = IEmissionCurve.Period(2e9, 1);
        address curve = deployed("EmissionCurve", abi.encode(1e9, 1 days, table));
        ReserveParameters memory noLaw;
        noLaw.smoothing = 2;
        _reserve = StabilizationReserve(deployed("StabilizationReserve", abi.encode(authority, _token, curve, noLaw)));

        _handler = new ReserveHandler(_reserve, _token);
        _token.setMinter(address(_handler));
        _reserve.setDistributor(address(_handler));
        _reserve.registerPool(address(_handler));

        bytes4[] memory selectors = _selectors();
        targetSelector(address(_handler), selectors);
    }

    function invariant_RSRV1_BooksFollowTheLaw() public view {
        assertEq(_reserve.reserve(), _handler.booked(), "RSRV-1 S' = S + withheld - injected + deposits");
        assertEq(_reserve.pending(), _handler.waiting(), "RSRV-1 deposits wait");
    }

    function invariant_RSRV1_BalanceCoversTheBooks() public view {
        uint256 balance = _token.balanceOf(address(_reserve));
        uint256 books = _reserve.reserve() + _reserve.pending();
        assertEq(balance, books + _handler.donated(), "RSRV-1 what is there beyond the books was donated");
        assertEq(_token.balanceOf(_handler.VAULT()), _handler.injectedInAll(), "RSRV-1 only what is injected leaves");
    }

    /// @dev Asked by the runner after each sequence: one whose calls all failed would prove nothing.
    function afterInvariant() public view {
        bytes4[] memory selectors = _selectors();
        uint256 all = 0;
        for (uint256 i = 0; i < selectors.length; ++i) all += _handler.done(selectors[i]);
        assertGt(all, 20, "RSRV-1 the handler's calls succeed");
    }

    function _selectors() private pure returns (bytes4[] memory selectors) {
        selectors = new bytes4[](6);
        selectors[0] = ReserveHandler.withhold.selector;
        selectors[1] = ReserveHandler.inject.selector;
        selectors[2] = ReserveHandler.injectTooMuch.selector;
        selectors[3] = ReserveHandler.withholdWhatIsNotThere.selector;
        selectors[4] = ReserveHandler.deposit.selector;
        selectors[5] = ReserveHandler.donate.selector;
    }
}
