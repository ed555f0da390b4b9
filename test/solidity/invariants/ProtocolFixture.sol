// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {EpochDistributor} from "../../../contracts/distribution/EpochDistributor.sol";
import {EpochParameters} from "../../../contracts/distribution/EpochParameters.sol";
import {InitialParameters} from "../../../contracts/distribution/interfaces/IEpochParameters.sol";
import {EmissionCurve} from "../../../contracts/emission/EmissionCurve.sol";
import {IEmissionCurve} from "../../../contracts/emission/interfaces/IEmissionCurve.sol";
import {MiningAuthority} from "../../../contracts/governance/MiningAuthority.sol";
import {TaskRegistry} from "../../../contracts/governance/TaskRegistry.sol";
import {ITaskRegistry} from "../../../contracts/governance/interfaces/ITaskRegistry.sol";
import {ScriptedVerifier} from "../../../contracts/mocks/distribution/ScriptedVerifier.sol";
import {RevertingPriceSource} from "../../../contracts/mocks/price/RevertingPriceSource.sol";
import {ShortReturnPriceSource} from "../../../contracts/mocks/price/ShortReturnPriceSource.sol";
import {SettablePriceSource} from "../../../contracts/mocks/SettablePriceSource.sol";
import {StabilizationReserve} from "../../../contracts/reserve/StabilizationReserve.sol";
import {ReserveParameters} from "../../../contracts/reserve/interfaces/IStabilizationReserve.sol";
import {MiningToken} from "../../../contracts/token/MiningToken.sol";
import {IMiningToken} from "../../../contracts/token/interfaces/IMiningToken.sol";
import {TaskId} from "../../../contracts/types/TaskId.sol";
import {VestingVault} from "../../../contracts/vesting/VestingVault.sol";
import {Base} from "../Base.sol";

/// @title ProtocolFixture
/// @notice A whole protocol with a short curve (20 days of emission, a pause of 5, 20 more, then nothing), daily epochs,
/// three tasks, a genesis holder. Whoever inherits it is the administrator of everything restricted.
abstract contract ProtocolFixture is Base {
    uint40 internal constant START = 1_700_006_400;
    uint40 internal constant DAY = 1 days;
    uint64 internal constant OPERATOR_ROLE = 1;
    uint256 internal constant GENESIS = 1_000_000e18;

    MiningAuthority public manager;
    MiningToken public token;
    EmissionCurve public curve;
    TaskRegistry public registry;
    StabilizationReserve public reserve;
    VestingVault public vault;
    EpochParameters public parameters;
    EpochDistributor public distributor;
    SettablePriceSource public price;
    ScriptedVerifier public verifier = new ScriptedVerifier();
    address[] internal _priceSources;

    address public holder = makeAddress("holder");
    address public treasury = makeAddress("treasury");
    address public foundation = makeAddress("foundation");
    address[3] internal _operators = [makeAddress("oscar"), makeAddress("olga"), makeAddress("otto")];

    function _deployProtocol() internal {
        vm.warp(START);
        manager = MiningAuthority(deployed("MiningAuthority", abi.encode(address(this))));
        curve = _newCurve();
        IMiningToken.Allocation[] memory genesis = new IMiningToken.Allocation[](1);
        genesis[0] = IMiningToken.Allocation(holder, GENESIS);
        token = MiningToken(deployed("MiningToken", abi.encode("Lode", "LODE", manager, genesis, curve.TOTAL())));
        bytes32 policy = keccak256("policy");
        registry = TaskRegistry(
            deployed("TaskRegistry", abi.encode(manager, curve, _tasks(), policy, "ipfs://policy"))
        );
        price = new SettablePriceSource();
        _priceSources = [address(price), address(new RevertingPriceSource()), address(new ShortReturnPriceSource())];
        ReserveParameters memory law = _law(0.4e18, 0.5e18, 10, 0.02e18, 0);
        reserve = StabilizationReserve(deployed("StabilizationReserve", abi.encode(manager, token, curve, law)));
        vault = VestingVault(deployed("VestingVault", abi.encode(manager, token, curve, 3, 5 * DAY)));
        InitialParameters memory initial = InitialParameters(foundation, 0.2e18, 0.5e18, 0.5e18, 6 hours, 1 ether);
        parameters = EpochParameters(
            deployed("EpochParameters", abi.encode(manager, curve, registry, reserve, vault, initial))
        );
        distributor = EpochDistributor(
            deployed("EpochDistributor", abi.encode(manager, token, parameters, treasury, verifier))
        );
        token.setMinter(address(distributor));
        reserve.setDistributor(address(distributor));
        vault.setDistributor(address(distributor));

        bytes4[] memory selectors = new bytes4[](1);
        selectors[0] = EpochDistributor.propose.selector;
        manager.setTargetFunctionRole(address(distributor), selectors, OPERATOR_ROLE);
        for (uint256 i = 0; i < _operators.length; ++i) {
            manager.grantRole(OPERATOR_ROLE, _operators[i], 0);
            vm.deal(_operators[i], 1_000_000 ether);
        }
    }

    /// @dev A reserve law around ten participants.
    function _law(
        uint64 alpha,
        uint64 b,
        uint32 smoothing,
        uint64 rho,
        uint256 source
    ) internal view returns (ReserveParameters memory) {
        return
            ReserveParameters({
                hasLaw: true,
                a: 0.98e18,
                b: b,
                c: 6e18,
                alpha: alpha,
                priceRef: 1e18,
                smoothing: smoothing,
                rho: rho,
                priceSource: _priceSources[source % _priceSources.length]
            });
    }

    function _newCurve() private returns (EmissionCurve) {
        IEmissionCurve.Period[] memory periods = new IEmissionCurve.Period[](3);
        periods[0] = IEmissionCurve.Period(START + 20 * DAY, 3_000_000e18 + 7);
        periods[1] = IEmissionCurve.Period(START + 25 * DAY, 3_000_000e18 + 7);
        periods[2] = IEmissionCurve.Period(START + 45 * DAY, 4_000_000e18 + 13);
        return EmissionCurve(deployed("EmissionCurve", abi.encode(START, DAY, periods)));
    }

    function _tasks() private pure returns (ITaskRegistry.FirstTask[] memory tasks) {
        tasks = new ITaskRegistry.FirstTask[](3);
        tasks[0] = ITaskRegistry.FirstTask(TaskId.wrap(1), "text", 0.5e18, 1);
        tasks[1] = ITaskRegistry.FirstTask(TaskId.wrap(2), "voice", 0.3e18, 10);
        tasks[2] = ITaskRegistry.FirstTask(TaskId.wrap(5), "validation", 0.2e18, 5);
    }
}
