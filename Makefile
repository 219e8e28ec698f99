# One command for each thing people and machines do here. `make` alone lists them.
.DEFAULT_GOAL := help
SHELL := /bin/bash
BIN := .venv/bin
CORES := $(shell nproc 2>/dev/null || echo 1)
export PYTHONDONTWRITEBYTECODE := 1

.PHONY: help setup demo test test-all lint format bench docs gallery clean

help: ## 列出各命令
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

setup: .setup/system.done .setup/python.done ## 安装系统软件包、字体、虚拟环境和锁定的依赖

.setup/system.done: .ci/system
	@mkdir -p .setup
	@.ci/system
	@touch $@

.setup/python.done: requirements.txt pyproject.toml .setup/system.done
	@echo "建立虚拟环境并安装锁定的依赖" >&2
	@[ -x $(BIN)/python ] || python3 -m venv .venv
	@$(BIN)/python -m pip install -q -q --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: setup ## 用样例方案跑通主流程：名册 → 公文 → 每村一卷
	@$(BIN)/juanzong make huadu-2016 --kind 责任书 --kind 贫困户名单公示 --kind acceptance_report \
	  || [ $$? -eq 3 ]   # 3: some papers were skipped, and said so
	@$(BIN)/juanzong bind huadu-2016 || [ $$? -eq 3 ]
	@$(BIN)/juanzong history huadu-2016 verify
	@$(BIN)/juanzong history huadu-2016 stats

test: setup ## 全部测试
	@$(BIN)/python -m pytest -n $(CORES) -m "not slow"

test-all: setup ## 连同慢速的负载测试
	@$(BIN)/python -m pytest -n $(CORES)

lint: setup ## 格式、静态检查、类型和分层
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: setup ## 按统一格式改写
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: setup ## 与同类做法并排测速
	@for bench in bench/*.py; do echo "== $$bench"; $(BIN)/python $$bench || exit 1; done

docs: setup ## 重新生成文档中由程序写出的部分
	@$(BIN)/python docs/generate.py
	@$(BIN)/python -m docs.two_engines

gallery: setup ## 重画 docs/gallery：各方案每类文书一页
	@$(BIN)/python docs/gallery.py

clean: ## 删去生成的输出（不动名册和方案）
	@rm -rf outputs/*/
