import { createElement, type ReactElement } from 'react'
