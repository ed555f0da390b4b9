// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IEmissionCurve} from "../emission/interfaces/IEmissionCurve.sol";
import {EpochHistory} from "../libraries/EpochHistory.sol";
import {Epoch} from "../types/Epoch.sol";
import {TaskId} from "../types/TaskId.sol";
import {ITaskRegistry} from "./interfaces/ITaskRegistry.sol";

/// @title TaskRegistry
/// @notice Which tasks count in which epoch, how much, from which score on, and by which policy. The manual is its interface.
/// @dev Tasks, weights, minimum scores and policy live together in numbered versions; one history says which version an epoch
/// has. Every version has an epoch of its own: a second change for the same epoch rewrites the version, a later one copies it.
contract TaskRegistry is AccessManaged, ITaskRegistry {
    using EpochHistory for EpochHistory.History;

    /// @dev A task in a version, in one slot.
    struct Row {
        TaskId task;
        uint64 weight;
        uint96 minScore;
    }

    /// @dev What applies to a run of epochs; `rows` by rising id.
    struct Version {
        bytes32 policyHash;
        Row[] rows;
    }

    uint256 private constant WAD = 1e18;

    /// @inheritdoc ITaskRegistry
    /// @dev Keeps a settlement, which has a few words for each task, small.
    uint256 public constant MAX_TASKS = 16;

    /// @inheritdoc ITaskRegistry
    /// @dev A tenth of a percent: less would be lost in rounding for small budgets and only cost gas.
    uint64 public constant MIN_WEIGHT = 0.001e18;

    /// @inheritdoc ITaskRegistry
    uint256 public constant MAX_NAME_LENGTH = 64;

    /// @inheritdoc ITaskRegistry
    uint40 public constant MAX_LEAD = 366 days;

    /// @inheritdoc ITaskRegistry
    IEmissionCurve public immutable CURVE;

    /// @inheritdoc ITaskRegistry
    mapping(TaskId task => bool known) public isKnown;

    /// @inheritdoc ITaskRegistry
    mapping(TaskId task => Epoch from) public retiredFrom;

    Version[] private _versions;

    /// @dev The position in `_versions` by epoch. The first one applies to epoch 0, so that every epoch has one.
    EpochHistory.History private _history;

    /// @param initialAuthority The access manager.
    /// @param curve The emission curve, for its clock.
    /// @param table The first tasks, by rising id; they apply from epoch 0 on.
    /// @param policyHash The first policy's hash.
    /// @param uri Where the first policy can be read.
    constructor(
        address initialAuthority,
        IEmissionCurve curve,
        FirstTask[] memory table,
        bytes32 policyHash,
        string memory uri
    ) AccessManaged(initialAuthority) {
        CURVE = curve;
        Epoch first = Epoch.wrap(0);

        Row[] memory rows = new Row[](table.length);
        for (uint256 i = 0; i < table.length; ++i) {
            _add(table[i].task, table[i].name);
            require(table[i].minScore != 0, TaskRegistry_MinScoreZero(table[i].task));
            rows[i] = Row({task: table[i].task, weight: table[i].weight, minScore: table[i].minScore});
        }
        _checkRows(rows);
        require(policyHash != 0, TaskRegistry_PolicyHashZero());

        Row[] memory none = new Row[](0);
        _versionFor(first).rows = rows;
        _versions[0].policyHash = policyHash;
        _emitWeights(first, none, rows);
        for (uint256 i = 0; i < rows.length; ++i) emit MinScoreScheduled(rows[i].task, first, 0, rows[i].minScore);
        emit PolicyScheduled(first, 0, policyHash, uri);
    }

    /* ------------------------------------------------------------------------------------------------------------ */
    /* GOVERNANCE                                                                                                   */
    /* ------------------------------------------------------------------------------------------------------------ */

    /// @inheritdoc ITaskRegistry
    function addTask(TaskId task, string calldata name) external restricted {
        _add(task, name);
    }

    /// @inheritdoc ITaskRegistry
    function scheduleTasks(Epoch from, TaskWeight[] calldata table) external restricted {
        _checkFrom(from);

        Row[] memory scheduled = _versions[_versions.length - 1].rows;
        Row[] memory before = _rowsBefore(from);
        Row[] memory rows = new Row[](table.length);
        for (uint256 i = 0; i < table.length; ++i) {
            TaskId task = table[i].task;
            require(isKnown[task], TaskRegistry_TaskUnknown(task));
            // Retired from the very epoch that is being rewritten means: not retired yet.
            Epoch retired = retiredFrom[task];
            require(retired == Epoch.wrap(0) || retired == from, TaskRegistry_TaskRetired(task, retired));
            rows[i] = Row({task: task, weight: table[i].weight, minScore: _keptMinScore(task, scheduled, before)});
        }
        _checkRows(rows);

        for (uint256 i = 0; i < before.length; ++i) {
            TaskId task = before[i].task;
            retiredFrom[task] = _find(rows, task) == rows.length ? from : Epoch.wrap(0);
        }
        _versionFor(from).rows = rows;
        _emitWeights(from, scheduled, rows);
    }

    /// @inheritdoc ITaskRegistry
    function schedulePolicy(
        Epoch from,
        bytes32 newHash,
        string calldata uri,
        TaskMinScore[] calldata minScores
    ) external restricted {
        _checkFrom(from);
        require(newHash != 0, TaskRegistry_PolicyHashZero());

        Version storage version = _versionFor(from);
        uint256 count = version.rows.length;
        require(minScores.length == count, TaskRegistry_MinScoreCountWrong(minScores.length, count));

        for (uint256 i = 0; i < count; ++i) {
            Row memory row = version.rows[i];
            TaskMinScore calldata given = minScores[i];
            require(given.task == row.task, TaskRegistry_MinScoreTaskWrong(i, given.task, row.task));
            require(given.minScore != 0, TaskRegistry_MinScoreZero(row.task));
            version.rows[i].minScore = given.minScore;
            emit MinScoreScheduled(row.task, from, row.minScore, given.minScore);
        }
        emit PolicyScheduled(from, version.policyHash, newHash, uri);
        version.policyHash = newHash;
    }

    /* ------------------------------------------------------------------------------------------------------------ */
    /* VIEWS                                                                                                        */
    /* ------------------------------------------------------------------------------------------------------------ */

    /// @inheritdoc ITaskRegistry
    function tasksAt(
        Epoch epoch
    )
        external
        view
        returns (TaskId[] memory tasks, uint64[] memory weights, uint96[] memory minScores, bytes32 policyHash)
    {
        Version storage version = _versions[_history.at(epoch)];
        Row[] memory rows = version.rows;
        tasks = new TaskId[](rows.length);
        weights = new uint64[](rows.length);
        minScores = new uint96[](rows.length);
        for (uint256 i = 0; i < rows.length; ++i) {
            (tasks[i], weights[i], minScores[i]) = (rows[i].task, rows[i].weight, rows[i].minScore);
        }
        policyHash = version.policyHash;
    }

    /// @inheritdoc ITaskRegistry
    function policyAt(Epoch epoch) external view returns (bytes32 policyHash) {
        return _versions[_history.at(epoch)].policyHash;
    }

    /// @inheritdoc ITaskRegistry
    function lastChange() public view returns (Epoch from) {
        (, from) = _history.lastFrom();
    }

    /* ------------------------------------------------------------------------------------------------------------ */
    /* INTERNAL                                                                                                     */
    /* ------------------------------------------------------------------------------------------------------------ */

    /// @dev Makes a task known.
    function _add(TaskId task, string memory name) private {
        require(!isKnown[task], TaskRegistry_TaskExists(task));
        uint256 length = bytes(name).length;
        require(length != 0 && length <= MAX_NAME_LENGTH, TaskRegistry_NameLengthOutOfRange(length, MAX_NAME_LENGTH));

        isKnown[task] = true;
        emit TaskAdded(task, name);
    }

    /// @dev A change must lie ahead, in order, and not absurdly far ahead.
    function _checkFrom(Epoch from) private view {
        uint40 start = CURVE.startOf(from);
        // Fits: a clock that shows more than 40 bits has left all epochs behind.
        uint40 present = uint40(block.timestamp);
        require(present < start, TaskRegistry_EpochStarted(from, start, present));

        uint40 latest = uint40(Math.max(present, CURVE.START())) + MAX_LEAD;
        require(start <= latest, TaskRegistry_TooFarAhead(from, start, latest));

        Epoch last = lastChange();
        require(from >= last, TaskRegistry_BeforeLastChange(from, last));
    }

    /// @dev The rules for a table, whoever made it.
    function _checkRows(Row[] memory rows) private pure {
        uint256 count = rows.length;
        require(count != 0 && count <= MAX_TASKS, TaskRegistry_TaskCountOutOfRange(count, MAX_TASKS));

        uint256 sum = 0;
        for (uint256 i = 0; i < count; ++i) {
            Row memory row = rows[i];
            if (i != 0) {
                TaskId previous = rows[i - 1].task;
                require(previous < row.task, TaskRegistry_TasksNotRising(i, row.task, previous));
            }
            require(row.weight >= MIN_WEIGHT, TaskRegistry_WeightTooLow(row.task, row.weight, MIN_WEIGHT));
            sum += row.weight;
        }
        require(sum == WAD, TaskRegistry_WeightSumWrong(sum, WAD));
    }

    /// @dev The version that applies from `from` on, for writing: the last one if it was made for that very epoch, else a copy.
    function _versionFor(Epoch from) private returns (Version storage version) {
        (bool exists, Epoch last) = _history.lastFrom();
        if (exists && last == from) return _versions[_versions.length - 1];

        version = _versions.push();
        // Fits: there are fewer versions than epochs.
        _history.push(from, uint224(_versions.length - 1));
        if (exists) {
            Version storage previous = _versions[_versions.length - 2];
            version.policyHash = previous.policyHash;
            version.rows = previous.rows;
        }
    }

    /// @dev What applies just before `from`, whatever is scheduled for `from` itself; nothing before epoch 0.
    function _rowsBefore(Epoch from) private view returns (Row[] memory) {
        uint256 count = _versions.length;
        if (lastChange() != from) return _versions[count - 1].rows;
        return count == 1 ? new Row[](0) : _versions[count - 2].rows;
    }

    /// @dev The minimum score that a task keeps: the one scheduled, else the one before, else 1 for a new task.
    function _keptMinScore(TaskId task, Row[] memory scheduled, Row[] memory before) private pure returns (uint96) {
        uint256 position = _find(scheduled, task);
        if (position != scheduled.length) return scheduled[position].minScore;
        position = _find(before, task);
        return position == before.length ? 1 : before[position].minScore;
    }

    /// @dev The position of a task, or the length if it is not there.
    function _find(Row[] memory rows, TaskId task) private pure returns (uint256 position) {
        while (position < rows.length && rows[position].task != task) ++position;
    }

    /// @dev One event for each task of either table, by rising id.
    function _emitWeights(Epoch from, Row[] memory old, Row[] memory rows) private {
        uint256 i = 0;
        uint256 j = 0;
        while (i < old.length || j < rows.length) {
            if (j == rows.length || (i < old.length && old[i].task < rows[j].task)) {
                emit WeightScheduled(old[i].task, from, old[i].weight, 0);
                ++i;
            } else if (i == old.length || rows[j].task < old[i].task) {
                emit WeightScheduled(rows[j].task, from, 0, rows[j].weight);
                ++j;
            } else {
                emit WeightScheduled(rows[j].task, from, old[i].weight, rows[j].weight);
                ++i;
                ++j;
            }
        }
    }
}
